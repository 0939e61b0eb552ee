// RapidJSON's reader, configured for filters. A system header, so that the compiler's warnings do not apply to it.
#pragma once
#pragma GCC system_header

// No abort: no input can make RapidJSON's assertions fail.
#define RAPIDJSON_ASSERT(condition) static_cast<void>(condition)

// Release 1.1.0 adds an offset to a null pointer before its stack has memory. This is undefined behaviour and harmless,
// but the sanitizer reports it.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#if defined(__clang__)
#pragma clang attribute pop
#endif
