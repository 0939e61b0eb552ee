// Inspects connections with a wire protocol (frames.h): counts the frames, and closes a connection that has a bad
// frame.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/json.h"
#include "sluice/sluice.h"
#include "tcp_sniff/frames.h"

using namespace sluice;

constexpr uint32_t kMaxTypes = 32;
constexpr uint32_t kMaxPayload = 1u << 30;

class TcpSniffRoot : public RootContext {
 public:
  bool onConfigure(size_t) override {
    json::Document document;
    return document.parse(configuration()) && configure(document.root());
  }

  frames::Reader makeReader() const { return {static_cast<uint8_t>(types_.size()), maxPayload_}; }

  void countFrame(std::string_view direction, const frames::Header& header) {
    warnUnlessOk(frames_.with(direction, types_[header.type - 1u]).increment(), "counting a frame");
    warnUnlessOk(payload_.with(direction).record(header.length), "noting a payload's size");
  }
  void countRefusal(std::string_view direction, frames::Mistake mistake) {
    warnUnlessOk(refused_.with(direction, toString(mistake)).increment(), "counting a refusal");
  }
  void countConnections(int64_t change) {
    if (change > 0) warnUnlessOk(connections_.increment(), "counting a connection");
    warnUnlessOk(open_.increment(change), "counting the open connections");
  }

 private:
  bool configure(json::Value root) {
    return root.isObjectOf({"types", "max_payload_bytes"}) &&
           root.read("max_payload_bytes", maxPayload_, 0, kMaxPayload) && readTypes(root);
  }
  bool readTypes(json::Value root);

  uint32_t maxPayload_ = 65'536;
  std::vector<std::string> types_;  // the name of type 1 is the first

  Counter connections_{"tcp_sniff_connections_total"};
  Gauge open_{"tcp_sniff_connections_open"};
  Tagged<Counter, 2> frames_{"tcp_sniff_frames_total", {"direction", "type"}};
  Tagged<Histogram, 1> payload_{"tcp_sniff_payload_bytes", {"direction"}};
  Tagged<Counter, 2> refused_{"tcp_sniff_refused_total", {"direction", "mistake"}};
};

bool TcpSniffRoot::readTypes(json::Value root) {
  types_.clear();
  const auto types = root.find("types");
  if (!types) return root.fail("missing ", "types");
  if (!types->isArray()) return false;
  for (const auto type : *types) {
    if (!type.isString()) return false;
    if (types_.size() == kMaxTypes) return type.fail("there are more than 32 types");
    if (type.text().empty() || type.text().size() > 32) return type.fail("must be a name of 1 to 32 characters");
    for (const auto& other : types_) {
      if (other == type.text()) return type.fail("given twice");
    }
    types_.emplace_back(type.text());
  }
  return types_.empty() ? types->fail("is empty") : true;
}

class TcpSniffConnection : public TcpContext {
 public:
  explicit TcpSniffConnection(TcpSniffRoot& root)
      : root_(root), fromClient_(root.makeReader()), fromUpstream_(root.makeReader()) {}

  FilterStatus onNewConnection() override {
    counted_ = true;
    root_.countConnections(1);
    return FilterStatus::Continue;
  }

  FilterStatus onDownstreamData(size_t size, bool endOfStream) override {
    return read("downstream", fromClient_, downstreamData(), size, endOfStream);
  }
  FilterStatus onUpstreamData(size_t size, bool endOfStream) override {
    return read("upstream", fromUpstream_, upstreamData(), size, endOfStream);
  }

  void onDelete() override {
    if (counted_) root_.countConnections(-1);
  }

 private:
  // Passes on valid bytes. An incomplete header is held back until the rest has arrived, so the bytes that the other
  // end gets do not depend on how the stream was cut.
  FilterStatus read(std::string_view direction, frames::Reader& reader, Buffer data, size_t size, bool endOfStream) {
    if (closed_) return FilterStatus::StopIteration;
    const auto bytes = data.get();
    if (!warnUnlessOk(bytes.status(), "reading the data")) return close();
    if (bytes->size() != size) {
      logWarn("of ", size, " bytes, ", bytes->size(), " can be read");
      return close();
    }
    const std::string waited(reader.heldBack());
    size_t passed = 0;
    auto mistake =
        reader.read(*bytes, passed, [&](const frames::Header& header) { root_.countFrame(direction, header); });
    if (mistake == frames::Mistake::None && endOfStream) mistake = reader.atEnd();
    if (mistake != frames::Mistake::None) {
      logInfo(direction, ": a frame with a bad ", toString(mistake));
      root_.countRefusal(direction, mistake);
      return close();
    }
    return passOn(data, *bytes, passed, waited) ? FilterStatus::Continue : close();
  }

  // Passes on the held bytes and then the first `passed` bytes. If `passed` is 0, the held bytes continue to wait.
  static bool passOn(Buffer data, std::string_view bytes, size_t passed, std::string_view waited) {
    if (bytes.empty()) return true;
    if (passed == bytes.size()) return waited.empty() || warnUnlessOk(data.prepend(waited), "adding what waited");
    const std::string front = passed == 0 ? std::string() : std::string(waited).append(bytes.substr(0, passed));
    return warnUnlessOk(data.replace(front), "taking out what is to wait");
  }

  // No more bytes pass, even if the host cannot close the connection.
  FilterStatus close() {
    closed_ = true;
    warnUnlessOk(closeDownstream(), "closing the connection");
    return FilterStatus::StopIteration;
  }

  TcpSniffRoot& root_;
  frames::Reader fromClient_;
  frames::Reader fromUpstream_;
  bool counted_ = false;
  bool closed_ = false;
};

static Register<TcpSniffRoot, TcpSniffConnection> registration;
