#include "abi/properties.h"

#include <algorithm>
#include <cstring>

namespace sluice::host {

PropertyPath splitProperty(std::string_view path) {
  PropertyPath parts;
  while (!path.empty()) {
    size_t end = std::min(path.find('\0'), path.size());
    parts.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

std::string dotted(std::string_view path) {
  std::string text(path);
  while (!text.empty() && text.back() == '\0') text.pop_back();
  std::replace(text.begin(), text.end(), '\0', '.');
  return text;
}

std::string propertyInteger(int64_t value) {
  std::string bytes(sizeof(value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(value));
  return bytes;
}

std::string propertyBoolean(bool value) { return std::string(1, value ? '\1' : '\0'); }

PropertyValue peerProperty(const PropertyPath& path, std::string_view address, int64_t port) {
  if (path.size() != 2) return std::nullopt;
  if (path[1] == "address") return std::string(address);
  if (path[1] == "port") return propertyInteger(port);
  return std::nullopt;
}

PropertyValue upstreamProperty(const PropertyPath& path) { return peerProperty(path, "127.0.0.1:8080", 8080); }

}  // namespace sluice::host
