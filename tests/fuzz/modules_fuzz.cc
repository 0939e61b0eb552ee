// Mutated modules: what loads runs in a proxy. The seeds are a module in WebAssembly text and the examples.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "../host/wat.h"
#include "host_driver.h"
#include "sluice/host/host.h"

using namespace sluice;

namespace {

// One after the other: a request and its response, a reply to a call, a tick, a connection, the end.
void play(std::string_view module) {
  host::Host host;
  host.addCluster("auth", host::CalloutReply::of(host::ok("yes")));
  auto plugin = host.loadModule(module, "fuzz.wasm", {.configuration = "configuration", .limits = fuzz::smallLimits()});
  host::Message request = host::post("/path?query", "body");
  request.chunks.emplace_back("more");
  request.trailers = {{"x-trailer", "value"}};
  plugin->send(request, request);
  host.advance(std::chrono::seconds(1));
  auto connection = plugin->openTcpStream();
  connection->downstreamData("ping");
  connection->upstreamData("pong", true);
  connection->downstreamClose();
}

}  // namespace

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t maxSize);

// Most changes keep a module's sections whole: a few bytes become others.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t maxSize, unsigned int seed) {
  std::minstd_rand random(seed);
  if (size < 16) {  // There are no seeds, or only the empty one.
    static const std::string tracer = host::test::tracer();
    if (tracer.size() > maxSize) return size;
    std::copy(tracer.begin(), tracer.end(), data);
    return tracer.size();
  }
  if (random() % 8 == 0) return LLVMFuzzerMutate(data, size, maxSize);
  static constexpr uint8_t kTelling[] = {0x00, 0x01, 0x0b, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x1a, 0x20,
                                         0x40, 0x41, 0x7f, 0x80, 0xd0, 0xd2, 0xfc, 0xfd, 0xff};
  for (unsigned count = 1 + random() % 4; count > 0; --count) {
    uint8_t& byte = data[8 + random() % (size - 8)];
    switch (random() % 3) {
      case 0:
        byte = static_cast<uint8_t>(random());
        break;
      case 1:
        byte = kTelling[random() % sizeof kTelling];
        break;
      default:
        byte = static_cast<uint8_t>(byte ^ 1U << random() % 8);
    }
  }
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    play({reinterpret_cast<const char*>(data), size});
  } catch (const host::Error&) {  // The module cannot be loaded, or has trapped.
  }
  return 0;
}
