// How the SDK handles the bytes, pointers and statuses from a host: properties of every type, buffers, maps.
#include <cstdlib>
#include <type_traits>

#include "fake_host.h"
#include "sluice/sluice.h"

using namespace sluice;
using fuzz::Input;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

template <class T>
void look(const T& value) {
  fuzz::touch({reinterpret_cast<const char*>(&value), sizeof value});
}
void look(std::string_view value) { fuzz::touch(value); }
void look(const HeaderPairs& pairs) {
  for (const auto header : pairs) {
    fuzz::touch(header.name);
    fuzz::touch(header.value);
  }
}

template <class T>
void checkResult(const Result<T>& result) {
  require(result.ok() == (result.status() == Status::Ok));
  if (result.ok()) look(*result);
  look(result.valueOr(T{}));
}

template <class T>
void checkProperty() {
  static constexpr Property<T> kProperty("some\0property");
  checkResult(getProperty(kProperty));
}

void checkBuffer(const Buffer& buffer, Input& choice) {
  checkResult(buffer.size());
  const size_t start = choice.byte();
  const size_t size = choice.byte();
  const auto bytes = buffer.get(start, size);
  checkResult(bytes);
  require(!bytes.ok() || bytes->size() <= size);
  checkResult(buffer.get());
  checkResult(buffer.get(choice.word(), choice.word()));
  look(buffer.drain(size));
}

void checkMap(const HeaderMap& map) {
  checkResult(map.get("name"));
  const auto pairs = map.getAll();
  checkResult(pairs);
  checkResult(map.byteSize());
  if (!pairs.ok()) return;
  const Header some[] = {{"a", "b"}};
  look(pairs->empty() ? map.setAll(some) : map.setAll({*pairs->begin()}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Input choice(data, size);
  fuzz::fakeHost().input = Input(data, size);
  const internal::CallbackScope scope;
  while (!fuzz::fakeHost().input.empty()) {
    // Uses at least one byte of the host's input in each round, so that the loop ends.
    fuzz::fakeHost().input.byte();
    switch (choice.byte() % 12) {
      case 0:
        checkProperty<std::string_view>();
        break;
      case 1:
        checkProperty<bool>();
        break;
      case 2:
        checkProperty<int64_t>();
        break;
      case 3:
        checkProperty<uint64_t>();
        break;
      case 4:
        checkProperty<double>();
        break;
      case 5:
        checkProperty<Timestamp>();
        break;
      case 6:
        checkProperty<Duration>();
        break;
      case 7:
        checkProperty<HeaderPairs>();
        break;
      case 8:
        checkBuffer(Buffer(BufferType::HttpResponseBody), choice);
        break;
      case 9:
        checkMap(HeaderMap(MapType::HttpRequestHeaders));
        break;
      case 10:
        checkResult(currentTime());
        break;
      default:
        logInfo("level ", logEnabled(LogLevel::Trace), static_cast<Status>(choice.word()));
        break;
    }
  }
  return 0;
}
