// Properties.
#pragma once

#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "proxy_wasm_externs.h"
#include "sluice/compat/data.h"

namespace sluice_compat {

/// The property at `parts`; nothing when the host does not have it.
template <class Parts>
std::optional<WasmDataPtr> readProperty(const Parts& parts) {
  std::string path;
  for (const auto& part : parts) {
    path.append(part);
    path.push_back('\0');
  }
  const char* value = nullptr;
  size_t size = 0;
  if (proxy_get_property(path.data(), path.size(), &value, &size) != WasmResult::Ok) return {};
  return std::make_unique<WasmData>(value, size);
}

/// The property as a T: a string, or a number, bool or other plain value of exactly the property's size.
template <class T, class Parts>
bool readValue(const Parts& parts, T* out) {
  const auto value = readProperty(parts);
  if (!value) return false;
  if constexpr (std::is_same_v<T, std::string>) {
    out->assign((*value)->view());
  } else {
    static_assert(std::is_trivially_copyable_v<T>, "a property is a string or a plain value");
    if ((*value)->size() != sizeof(T)) return false;
    std::memcpy(out, (*value)->data(), sizeof(T));
  }
  return true;
}

/// The property as a protobuf message; empty bytes leave the message unchanged.
template <class T, class Parts>
bool readMessage(const Parts& parts, T* out) {
  const auto value = readProperty(parts);
  if (!value) return false;
  if ((*value)->size() == 0) return true;
  return out->ParseFromArray((*value)->data(), static_cast<int>((*value)->size()));
}

}  // namespace sluice_compat

/// The bytes of the property at `parts`, such as {"request", "path"}; nothing when the host does not have it
/// (proxy_get_property).
inline std::optional<WasmDataPtr> getProperty(const std::initializer_list<std::string_view>& parts) {
  return sluice_compat::readProperty(parts);
}
template <typename S>
inline std::optional<WasmDataPtr> getProperty(const std::vector<S>& parts) {
  return sluice_compat::readProperty(parts);
}

/// Reads a property into `out`: an int64_t, uint64_t, double, bool or std::string. Durations and timestamps are int64_t
/// nanoseconds. False, with `out` unchanged, when the host does not have the property or its size is different
/// (proxy_get_property).
template <typename T>
inline bool getValue(const std::initializer_list<std::string_view>& parts, T* out) {
  return sluice_compat::readValue(parts, out);
}
template <typename S, typename T>
inline bool getValue(const std::vector<S>& parts, T* out) {
  return sluice_compat::readValue(parts, out);
}

/// Reads a property into a protobuf message; false when the host does not have it or its bytes do not parse
/// (proxy_get_property).
template <typename T>
inline bool getMessageValue(const std::initializer_list<std::string_view>& parts, T* value_ptr) {
  return sluice_compat::readMessage(parts, value_ptr);
}
template <typename S, typename T>
inline bool getMessageValue(const std::vector<S>& parts, T* value_ptr) {
  return sluice_compat::readMessage(parts, value_ptr);
}

/// Sets a property that later filters and the host's access log can read (proxy_set_property).
inline WasmResult setFilterState(std::string_view key, std::string_view value) {
  return proxy_set_property(key.data(), key.size(), value.data(), value.size());
}
inline WasmResult setFilterStateStringValue(std::string_view key, std::string_view s) { return setFilterState(key, s); }
