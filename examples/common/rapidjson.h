// RapidJSON's reader, set up for filters. As a system header, so that our warnings do not reach into it.
#pragma once
#pragma GCC system_header

// Never an abort: what is asserted here cannot be reached by input.
#define RAPIDJSON_ASSERT(condition) static_cast<void>(condition)

// Release 1.1.0 adds an offset to a null pointer before its stack has memory: undefined, harmless, and reported.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#if defined(__clang__)
#pragma clang attribute pop
#endif
