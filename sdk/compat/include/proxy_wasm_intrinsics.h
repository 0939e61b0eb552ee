// The existing C++ SDK's public API on top of Sluice: filters written against it compile unchanged, with
// `sluice_add_filter(NAME SOURCES … COMPAT)`. docs/migration.md lists the differences and explains how to move to
// Sluice's own API.
#pragma once

#ifndef PROXY_WASM_KEEPALIVE
#define PROXY_WASM_KEEPALIVE __attribute__((used)) __attribute__((visibility("default")))
#endif
// Defines a function of the filter that the module exports.
#if defined(__wasm__)
#define WASM_EXPORT(_return_type, _function_name, _function_args) \
  extern "C" PROXY_WASM_KEEPALIVE                                 \
      __attribute__((export_name(#_function_name))) _return_type _function_name _function_args
#else
#define WASM_EXPORT(_return_type, _function_name, _function_args) \
  extern "C" PROXY_WASM_KEEPALIVE _return_type _function_name _function_args
#endif
// For filters that can also be compiled into the proxy (null plugins); empty here.
#define START_WASM_PLUGIN(_x)
#define END_WASM_PLUGIN

#include <cstdint>
#include <optional>
#include <string_view>

#include "proxy_wasm_common.h"
#include "proxy_wasm_enums.h"
#include "proxy_wasm_externs.h"
#ifdef PROXY_WASM_PROTOBUF_FULL
#define PROXY_WASM_PROTOBUF 1
#include "proxy_wasm_intrinsics.pb.h"
#endif
#ifdef PROXY_WASM_PROTOBUF_LITE
#define PROXY_WASM_PROTOBUF 1
#include "proxy_wasm_intrinsics_lite.pb.h"
#endif
#include "proxy_wasm_api.h"
