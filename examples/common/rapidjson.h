// RapidJSON's reader, set up for filters. As a system header, so that our warnings do not reach into it.
#pragma once
#pragma GCC system_header

// Never an abort: what is asserted here cannot be reached by input.
#define RAPIDJSON_ASSERT(condition) static_cast<void>(condition)

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
