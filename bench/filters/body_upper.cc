// Bench job: remove the response's content-length and convert its body to upper case, chunk by chunk. Needs SIMD to be
// fast.
#include <cstdint>
#include <cstring>

#include "sluice/sluice.h"

using namespace sluice;

// 16 bytes at once, with vector instructions if the target has them.
using Bytes = unsigned char __attribute__((vector_size(16)));

static void upperCase(char* text, size_t size) {
  constexpr size_t kStep = sizeof(Bytes);
  for (; size >= kStep; text += kStep, size -= kStep) {
    Bytes bytes;
    std::memcpy(&bytes, text, kStep);
    const auto isLower = static_cast<Bytes>(bytes - 'a' < 26);
    bytes -= isLower & 0x20;
    std::memcpy(text, &bytes, kStep);
  }
  for (; size > 0; ++text, --size) {
    if (*text >= 'a' && *text <= 'z') *text = static_cast<char>(*text - 0x20);
  }
}

class Stream : public HttpContext {
 public:
  FilterHeadersStatus onResponseHeaders(uint32_t, bool) override {
    warnUnlessOk(responseHeaders().remove("content-length"), "removing content-length");
    return FilterHeadersStatus::Continue;
  }

  FilterDataStatus onResponseBody(size_t, bool) override {
    const auto body = responseBody().getMutable();
    auto status = body.status();
    if (body) {
      upperCase(body->data(), body->size());
      status = responseBody().replace({body->data(), body->size()});
    }
    warnUnlessOk(status, "upper-casing the body");
    return FilterDataStatus::Continue;
  }
};

static Register<Stream> registration;
