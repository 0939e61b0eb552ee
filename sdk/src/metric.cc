#include "sluice/metric.h"

#include <cstdlib>
#include <cstring>

#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

namespace sluice {

Status Metric::define() {
  if (defined_) return Status::Ok;
  if (name_.empty()) return Status::InternalFailure;
  const auto status = abi::proxy_define_metric(type_, name_.data(), name_.size(), &id_);
  defined_ = status == Status::Ok;
  return status;
}

Status Metric::incrementBy(int64_t delta) {
  const auto status = define();
  return status == Status::Ok ? abi::proxy_increment_metric(id_, delta) : status;
}

Status Metric::recordValue(uint64_t value) {
  const auto status = define();
  return status == Status::Ok ? abi::proxy_record_metric(id_, value) : status;
}

Result<uint64_t> Metric::read() {
  uint64_t value = 0;
  auto status = define();
  if (status == Status::Ok) status = abi::proxy_get_metric(id_, &value);
  if (status != Status::Ok) return status;
  return value;
}

namespace internal {
namespace {

constexpr std::string_view kBeforeValue = "=.=";
constexpr std::string_view kAfterValue = ";.;";
constexpr std::string_view kOther = "other";

char* append(char* at, std::string_view text) {
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

std::string_view valueAt(const std::string_view* values, size_t index) {
  return values == nullptr ? kOther : values[index].substr(0, kMaxTagValueSize);
}

}  // namespace

TaggedName tagName(std::string_view name, const std::string_view* tags, const std::string_view* values, size_t count) {
  size_t size = name.size() + count * (kBeforeValue.size() + kAfterValue.size());
  for (size_t i = 0; i < count; ++i) size += tags[i].size() + valueAt(values, i).size();
  auto* const data = static_cast<char*>(arenaAllocate(size));
  if (data == nullptr) return {};
  char* at = data;
  uint32_t hash = 2166136261;  // FNV-1a over the tag values
  for (size_t i = 0; i < count; ++i) {
    at = append(append(at, tags[i]), kBeforeValue);
    for (const char c : valueAt(values, i)) {
      const auto code = static_cast<unsigned char>(c);
      *at = code < ' ' || code == 0x7f || c == ';' ? '_' : c;
      hash = (hash ^ static_cast<unsigned char>(*at++)) * 16777619;
    }
    at = append(at, kAfterValue);
  }
  append(at, name);
  return {{data, size}, hash};
}

TaggedNode** findTagged(TaggedNode** link, const TaggedName& name) {
  while (auto* const node = *link) {
    if (node->hash == name.hash && node->name == name.name) break;
    link = &node->children[node->hash < name.hash ? 1 : 0];
  }
  return link;
}

void* allocateTagged(size_t size, TaggedName& name) {
  auto* const memory = static_cast<char*>(std::malloc(size + name.name.size()));
  if (memory == nullptr) return nullptr;
  append(memory + size, name.name);
  name.name = {memory + size, name.name.size()};
  return memory;
}

void freeTagged(TaggedNode* root) {
  if (root == nullptr) return;
  for (auto* child : root->children) freeTagged(child);
  std::free(root);
}

}  // namespace internal
}  // namespace sluice
