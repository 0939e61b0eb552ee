// Parses messages from any bytes: each parsed message can be serialized, and parses as the same message again.
#include "sluice/protobuf.h"

#include <cstdlib>
#include <string>

#include "fake_host.h"
#include "required.pb.h"
#include "tree.pb.h"

using namespace sluice;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

template <class Message>
void check(std::string_view bytes) {
  Message message;
  if (parse(bytes, message) != Status::Ok) return;
  const auto written = serialize(message);
  require(written.ok());
  // Parse into a message that has been used before.
  Message again;
  static_cast<void>(parse(bytes.substr(bytes.size() / 2), again));
  require(parse(*written, again) == Status::Ok);
  // Compare only the size: a NaN does not equal itself, and a map has no order.
  require(again.ByteSizeLong() == written->size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const internal::CallbackScope scope;
  check<protobuf_test::Tree>(bytes);
  check<protobuf_test::Required>(bytes);
  return 0;
}
