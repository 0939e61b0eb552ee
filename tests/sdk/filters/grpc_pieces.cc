// A gRPC stream of many messages. It logs what it received; on the message "go" it sends as much, in pieces of the size
// in the plugin's configuration.
#include <cstdint>
#include <string>

#include "sluice/sluice.h"

using namespace sluice;

namespace {

constexpr size_t kTotal = 1 << 20;

class Pieces : public GrpcStream {
 public:
  void setPieceSize(size_t size) { pieceSize_ = size; }

 private:
  void onMessage(size_t size) override {
    const auto bytes = message();
    if (!bytes || bytes->size() != size) return logError("a message cannot be read: ", bytes.status());
    if (*bytes == "go") return sendAll();
    for (const char c : *bytes) hash_ = (hash_ ^ static_cast<uint8_t>(c)) * 16777619u;
    received_ += size;
  }
  void onClose(GrpcStatus status, std::string_view /*message*/) override {
    logInfo(status, ": ", received_, " bytes, hash ", hash_);
  }

  void sendAll() {
    std::string all(kTotal, '\0');
    for (size_t i = 0; i < kTotal; ++i) all[i] = static_cast<char>(i * i >> 3);
    for (size_t at = 0; at < kTotal; at += pieceSize_) {
      const auto piece = std::string_view(all).substr(at, pieceSize_);
      if (!warnUnlessOk(send(piece, at + pieceSize_ >= kTotal), "sending")) return;
    }
  }

  size_t pieceSize_ = 0;
  size_t received_ = 0;
  uint32_t hash_ = 2166136261u;
};

class PiecesRoot : public RootContext {
 public:
  bool onConfigure(size_t) override {
    size_t size = 0;
    for (const char digit : configuration().valueOr("")) size = size * 10 + static_cast<size_t>(digit - '0');
    if (size == 0) return false;
    pieces_.setPieceSize(size);
    return pieces_.open(*this, {.target = "pieces", .service = "test.Pieces", .method = "Pass"}) == Status::Ok;
  }

 private:
  Pieces pieces_;
};

Register<PiecesRoot> registration;

}  // namespace
