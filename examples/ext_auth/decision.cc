#include "ext_auth/decision.h"

#include <cstring>

#include "common/host_failure.h"
#include "sluice/log.h"
#include "sluice/shared_data.h"

using namespace sluice;

namespace {

constexpr uint32_t kPlaces = 1024;
constexpr std::string_view kKey = "ext_auth.";

std::string placeOf(const crypto::Digest& question) {
  const uint32_t place = (uint32_t{question[0]} << 8 | question[1]) % kPlaces;
  return std::string(kKey) + std::to_string(place);
}

std::string_view bytesOf(const crypto::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Takes values off the front of what was remembered. What other filters may have written there is no error, but
// nothing.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  std::optional<std::string_view> take(size_t size) {
    if (size > rest_.size()) return std::nullopt;
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  template <class T>
  std::optional<T> number() {
    T value;
    const auto bytes = take(sizeof value);
    if (!bytes) return std::nullopt;
    std::memcpy(&value, bytes->data(), sizeof value);
    return value;
  }
  std::optional<std::string_view> text() {
    const auto size = number<uint32_t>();
    return size ? take(*size) : std::nullopt;
  }

 private:
  std::string_view rest_;
};

template <class T>
void append(std::string& bytes, T number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}
void appendText(std::string& bytes, std::string_view text) {
  append(bytes, static_cast<uint32_t>(text.size()));
  bytes += text;
}

}  // namespace

std::optional<Decision> findDecision(const crypto::Digest& question, Timestamp now) {
  const auto found = getSharedData(placeOf(question));
  if (!found) {
    hasFailed(found.status(), "looking for a decision");
    return std::nullopt;
  }
  Reader reader(found->value);
  const auto digest = reader.take(question.size());
  const auto expiry = reader.number<int64_t>();
  const auto status = reader.number<uint32_t>();
  const auto count = reader.number<uint32_t>();
  if (!digest || !expiry || !status || !count || *digest != bytesOf(question)) return std::nullopt;
  if (Timestamp(Duration(*expiry)) <= now) return std::nullopt;
  Decision decision{*status, {}};
  for (uint32_t i = 0; i < *count; ++i) {
    const auto name = reader.text();
    const auto value = reader.text();
    if (!name || !value) return std::nullopt;
    decision.headers.emplace_back(*name, *value);
  }
  if (!reader.empty()) return std::nullopt;
  return decision;
}

void rememberDecision(const crypto::Digest& question, const Decision& decision, Timestamp expiry) {
  std::string bytes(bytesOf(question));
  append(bytes, int64_t{expiry.time_since_epoch().count()});
  append(bytes, decision.status);
  append(bytes, static_cast<uint32_t>(decision.headers.size()));
  for (const auto& [name, value] : decision.headers) {
    appendText(bytes, name);
    appendText(bytes, value);
  }
  warnUnlessOk(setSharedData(placeOf(question), bytes), "remembering a decision");
}
