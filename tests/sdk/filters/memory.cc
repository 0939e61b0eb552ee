// Uses memory in different ways, for the tests of bodies and allocators. The plugin's configuration chooses the way.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/sluice.h"

using namespace sluice;

namespace {

class Random {
 public:
  explicit Random(uint32_t seed) : state_(seed * 2 + 1) {}
  uint32_t operator()() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }
  // Small numbers more often than large ones.
  size_t size() { return (*this)() % (size_t{1} << ((*this)() % 17)); }

 private:
  uint32_t state_;
};

constexpr size_t kOverAligned = 64;
struct alignas(kOverAligned) OverAligned {
  char bytes[100];
};

// A block filled with its own pattern, from one of the allocation functions.
class Block {
 public:
  Block() = default;
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() { release(); }

  bool used() const { return data_ != nullptr; }

  // Allocates the block. Returns false when the memory is not as promised.
  bool take(Random& random) {
    size_ = random.size();
    pattern_ = static_cast<char>(random());
    way_ = random() % 6;
    size_t alignment = alignof(std::max_align_t);
    switch (way_) {
      case 0:
        data_ = static_cast<char*>(std::malloc(size_));
        break;
      case 1: {
        data_ = static_cast<char*>(std::calloc(size_ / 8 + 1, 8));
        if (data_ == nullptr || !holds(0, size_)) return false;
        break;
      }
      case 2:
        data_ = new char[size_];
        break;
      case 3:
        size_ = sizeof(OverAligned);
        data_ = reinterpret_cast<char*>(new OverAligned);
        alignment = kOverAligned;
        break;
      case 4:
        alignment = size_t{32} << random() % 8;
        data_ = static_cast<char*>(std::aligned_alloc(alignment, (size_ + alignment - 1) / alignment * alignment));
        break;
      default:
        data_ = new (std::nothrow) char[size_];
        break;
    }
    if (data_ == nullptr) return size_ == 0;
    if (reinterpret_cast<uintptr_t>(data_) % alignment != 0) return false;
    fill();
    return true;
  }

  bool intact() const { return holds(pattern_, size_); }

  bool resize(Random& random) {
    if (way_ > 1 && way_ != 4) return true;
    const size_t before = size_;
    size_ = random.size();
    auto* const moved = static_cast<char*>(std::realloc(data_, size_ + 1));
    if (moved == nullptr) return false;
    data_ = moved;
    if (!holds(pattern_, std::min(size_, before))) return false;
    way_ = 0;
    fill();
    return true;
  }

  void release() {
    switch (way_) {
      case 2:
      case 5:
        delete[] data_;
        break;
      case 3:
        delete reinterpret_cast<OverAligned*>(data_);
        break;
      default:
        std::free(data_);
    }
    data_ = nullptr;
  }

 private:
  void fill() { std::memset(data_, pattern_, size_); }
  // Checks every byte at the ends, where neighbours would overwrite, and samples in between, because the interpreter is
  // slow.
  bool holds(char value, size_t size) const {
    constexpr size_t kEnd = 24;
    for (size_t i = 0; i < size; i += i < kEnd || i + kEnd >= size ? 1 : std::min<size_t>(509, size - kEnd - i)) {
      if (data_[i] != value) return false;
    }
    return true;
  }

  char* data_ = nullptr;
  size_t size_ = 0;
  unsigned way_ = 0;
  char pattern_ = 0;
};

class Root : public RootContext {
 public:
  bool onConfigure(size_t) override {
    mode = configuration().valueOr({});
    return true;
  }

  // Each tick is one round of random use, which checks all blocks that stay allocated.
  void onTick() override {
    Random random(++rounds_);
    for (int step = 0; step < 400; ++step) {
      auto& block = blocks_[random() % blocks_.size()];
      bool good = true;
      if (!block.used()) {
        good = block.take(random);
      } else if (!block.intact()) {
        good = false;
      } else if (random() % 4 == 0) {
        good = block.resize(random);
      } else {
        block.release();
      }
      if (!good) logError("round ", rounds_, ", step ", step, ": the memory is not what it should be");
    }
    if (rounds_ % 10 == 0) {
      for (auto& block : blocks_) block.release();
    }
    logInfo("round ", rounds_);
  }

  std::string mode;

 private:
  uint32_t rounds_ = 0;
  std::array<Block, 64> blocks_;
};

// Uses one kibibyte of stack per call, to the given depth.
[[gnu::noinline]] size_t recurse(size_t depth) {
  volatile char frame[1024];
  frame[depth % sizeof frame] = 1;
  return depth == 0 ? 0 : recurse(depth - 1) + static_cast<size_t>(frame[depth % sizeof frame]);
}

class Stream : public HttpContext {
 public:
  explicit Stream(Root& root) : root_(root) {}

  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    if (root_.mode == "headers") {
      owned_ = requestHeaders().get(":path").valueOr({});
      copies_.push_back(std::make_unique<std::string>(owned_));
    } else if (root_.mode == "join") {
      // In 32 bits the sum of these sizes is 0x20. The bytes are never read.
      constexpr size_t kThird = 0x55555560;
      const std::string_view part(root_.mode.data(), kThird);
      const std::string_view parts[] = {part, part, part};
      logInfo("joined: ", internal::join(parts) != nullptr);
    } else if (root_.mode == "recurse") {
      const auto depth = requestHeaders().get("x-depth").valueOr({}).size();
      logInfo("as deep as ", recurse(depth));
    }
    return FilterHeadersStatus::Continue;
  }

  FilterDataStatus onRequestBody(size_t, bool endOfStream) override {
    const auto body = requestBody();
    if (root_.mode == "read" || (root_.mode == "read when complete" && endOfStream)) {
      const auto bytes = body.get();
      if (warnUnlessOk(bytes.status(), "reading") && !bytes->empty() && endOfStream)
        logInfo("last byte ", bytes->back(), " of ", bytes->size());
    } else if (root_.mode == "change") {
      const auto bytes = body.get();
      if (warnUnlessOk(bytes.status(), "reading")) {
        std::string copy(*bytes);
        for (char& c : copy) c = static_cast<char>(c ^ 0x20);
        warnUnlessOk(body.replace(copy), "replacing");
      }
    } else if (root_.mode == "keep") {
      owned_.append(body.get().valueOr({}));
    }
    const bool buffers = root_.mode == "read when complete" && !endOfStream;
    return buffers ? FilterDataStatus::StopIterationAndBuffer : FilterDataStatus::Continue;
  }

 private:
  Root& root_;
  std::string owned_;
  std::vector<std::unique_ptr<std::string>> copies_;
};

Register<Root, Stream> registration;

}  // namespace
