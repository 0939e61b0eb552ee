#include "sluice/property.h"

namespace sluice::internal {

Result<std::string_view> getPropertyBytes(std::string_view path) {
  HostData value;
  const auto status = value.check(abi::proxy_get_property(path.data(), path.size(), &value.data, &value.size));
  if (status != Status::Ok) return status;
  return value.view();
}

HostData joinPath(std::initializer_list<std::string_view> segments) {
  size_t size = segments.size() == 0 ? 0 : segments.size() - 1;
  for (auto segment : segments) size += segment.size();
  auto* const data = static_cast<char*>(arenaAllocate(size));
  if (data == nullptr) return {};
  char* at = data;
  for (const auto& segment : segments) {
    if (&segment != segments.begin()) *at++ = '\0';
    if (!segment.empty()) std::memcpy(at, segment.data(), segment.size());
    at += segment.size();
  }
  return {data, size};
}

}  // namespace sluice::internal
