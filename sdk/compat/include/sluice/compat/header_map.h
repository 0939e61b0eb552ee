// Header maps.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "proxy_wasm_externs.h"
#include "sluice/compat/data.h"
#include "sluice/compat/pairs.h"

/// Adds a value to `key` and keeps its existing values (proxy_add_header_map_value).
inline WasmResult addHeaderMapValue(WasmHeaderMapType type, std::string_view key, std::string_view value) {
  return proxy_add_header_map_value(type, key.data(), key.size(), value.data(), value.size());
}
/// The first value of `key`; empty data when there is none (proxy_get_header_map_value).
inline WasmDataPtr getHeaderMapValue(WasmHeaderMapType type, std::string_view key) {
  const char* value = nullptr;
  size_t size = 0;
  proxy_get_header_map_value(type, key.data(), key.size(), &value, &size);
  return std::make_unique<WasmData>(value, size);
}
/// Makes `value` the only value of `key` (proxy_replace_header_map_value).
inline WasmResult replaceHeaderMapValue(WasmHeaderMapType type, std::string_view key, std::string_view value) {
  return proxy_replace_header_map_value(type, key.data(), key.size(), value.data(), value.size());
}
/// Removes all values of `key`; Ok also when there is none (proxy_remove_header_map_value).
inline WasmResult removeHeaderMapValue(WasmHeaderMapType type, std::string_view key) {
  return proxy_remove_header_map_value(type, key.data(), key.size());
}
/// The whole map: read it with WasmData::pairs(). Empty data when the host has no such map
/// (proxy_get_header_map_pairs).
inline WasmDataPtr getHeaderMapPairs(WasmHeaderMapType type) {
  const char* pairs = nullptr;
  size_t size = 0;
  proxy_get_header_map_pairs(type, &pairs, &size);
  return std::make_unique<WasmData>(pairs, size);
}
/// Replaces the whole map (proxy_set_header_map_pairs).
inline WasmResult setHeaderMapPairs(WasmHeaderMapType type, const HeaderStringPairs& pairs) {
  const sluice_compat::ExportedPairs exported(pairs);
  return proxy_set_header_map_pairs(type, exported.data, exported.size);
}
/// The size of the map in bytes (proxy_get_header_map_size).
inline WasmResult getHeaderMapSize(WasmHeaderMapType type, size_t* size) {
  return proxy_get_header_map_size(type, size);
}

// The functions above for each map: addRequestHeader(), getResponseTrailerPairs() …
#define SLUICE_COMPAT_MAP(Name, type)                                                                           \
  inline WasmResult add##Name(std::string_view key, std::string_view value) {                                   \
    return addHeaderMapValue(type, key, value);                                                                 \
  }                                                                                                             \
  inline WasmDataPtr get##Name(std::string_view key) { return getHeaderMapValue(type, key); }                   \
  inline WasmResult replace##Name(std::string_view key, std::string_view value) {                               \
    return replaceHeaderMapValue(type, key, value);                                                             \
  }                                                                                                             \
  inline WasmResult remove##Name(std::string_view key) { return removeHeaderMapValue(type, key); }              \
  inline WasmDataPtr get##Name##Pairs() { return getHeaderMapPairs(type); }                                     \
  inline WasmResult set##Name##Pairs(const HeaderStringPairs& pairs) { return setHeaderMapPairs(type, pairs); } \
  inline WasmResult get##Name##Size(size_t* size) { return getHeaderMapSize(type, size); }
SLUICE_COMPAT_MAP(RequestHeader, WasmHeaderMapType::RequestHeaders)
SLUICE_COMPAT_MAP(RequestTrailer, WasmHeaderMapType::RequestTrailers)
SLUICE_COMPAT_MAP(ResponseHeader, WasmHeaderMapType::ResponseHeaders)
SLUICE_COMPAT_MAP(ResponseTrailer, WasmHeaderMapType::ResponseTrailers)
#undef SLUICE_COMPAT_MAP
