#include "abi/properties.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "abi/pairs.h"
#include "abi/protobuf_writer.h"

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

PropertyValue upstreamProperty(const PropertyPath& path, bool connected) {
  if (path.size() != 2) return std::nullopt;
  if (path[1] == "request_attempt_count") return propertyInteger(connected ? 1 : 0);
  if (path[1] == "num_endpoints") return propertyInteger(1);
  if (!connected) return std::nullopt;
  if (path[1] == "local_address") return "127.0.0.1:60000";
  if (path[1] == "transport_failure_reason" || path[1] == "locality") return "";
  if (path[1] == "cx_pool_ready_duration") return propertyInteger(0);
  return peerProperty(path, "127.0.0.1:8080", 8080);
}

PropertyValue clusterProperty(const PropertyPath& path, bool connected) {
  if (path.size() != 2) return std::nullopt;
  if (path[1] == "cluster_name") return "upstream";
  if (path[1] == "cluster_metadata") return "";
  const bool ofHost = path[1] == "upstream_host_metadata" || path[1] == "upstream_host_locality_metadata";
  return ofHost && connected ? PropertyValue::unserializable() : std::nullopt;
}

// The node that `sluice test --host envoy` configures. Envoy fills in the versions and extensions of its build, which
// the mock host leaves out.
PropertyValue nodeProperty(const PropertyPath& path) {
  static const std::map<std::string_view, std::string> kTexts = {
      {"id", "sluice"}, {"cluster", "sluice"}, {"user_agent_name", "envoy"}, {"user_agent_version", ""}};
  static const std::set<std::string_view> kEmptyMessages = {"locality", "user_agent_build_version"};
  static const std::set<std::string_view> kEmptyLists = {"metadata", "dynamic_parameters", "extensions",
                                                         "client_features", "listening_addresses"};
  static const std::set<std::string_view> kLocality = {"region", "zone", "sub_zone"};
  if (path.size() == 2) {
    std::string node;
    appendField(&node, 1, kTexts.at("id"));
    appendField(&node, 2, kTexts.at("cluster"));
    appendField(&node, 6, kTexts.at("user_agent_name"));
    return node;
  }
  if (path.size() == 4 && path[2] == "locality" && kLocality.contains(path[3])) return "";
  if (path.size() != 3) return std::nullopt;
  if (auto text = kTexts.find(path[2]); text != kTexts.end()) return text->second;
  if (kEmptyMessages.contains(path[2])) return "";
  return kEmptyLists.contains(path[2]) ? PropertyValue(emptyPairs()) : std::nullopt;
}

PropertyValue headerlessProperty(const PropertyPath& path) {
  if (path.size() != 2 || (path[0] != "request" && path[0] != "response")) return std::nullopt;
  if (path[1] == "headers" || (path[0] == "response" && path[1] == "trailers")) return emptyPairs();
  return path[1] == "headers_bytes" ? PropertyValue(propertyInteger(0)) : std::nullopt;
}

std::string emptyPairs() { return encodePairs({}); }

}  // namespace sluice::host
