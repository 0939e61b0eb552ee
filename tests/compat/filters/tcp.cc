// A TCP filter in the style of the existing C++ SDK.
#include <string>

#include "proxy_wasm_intrinsics.h"

class TcpContext : public Context {
 public:
  explicit TcpContext(uint32_t id, RootContext* root) : Context(id, root) {}

  FilterStatus onNewConnection() override {
    LOG_INFO("new connection");
    return FilterStatus::Continue;
  }
  FilterStatus onDownstreamData(size_t data_length, bool end_of_stream) override {
    auto data = getBufferBytes(WasmBufferType::NetworkDownstreamData, 0, data_length);
    LOG_INFO("downstream " + data->toString() + (end_of_stream ? " end" : ""));
    if (data->view() == "close") {
      closeDownstream();
      return FilterStatus::StopIteration;
    }
    // Waits for a whole line.
    if (data->view().find('\n') == std::string_view::npos && !end_of_stream) return FilterStatus::StopIteration;
    setBuffer(WasmBufferType::NetworkDownstreamData, 0, data_length, "[" + data->toString() + "]");
    return FilterStatus::Continue;
  }
  FilterStatus onUpstreamData(size_t data_length, bool end_of_stream) override {
    auto data = getBufferBytes(WasmBufferType::NetworkUpstreamData, 0, data_length);
    LOG_INFO("upstream " + data->toString() + (end_of_stream ? " end" : ""));
    setBuffer(WasmBufferType::NetworkUpstreamData, 0, data_length, "(" + data->toString() + ")");
    return FilterStatus::Continue;
  }
  void onDownstreamConnectionClose(CloseType close_type) override {
    LOG_INFO("downstream closed by " + nameOf(close_type));
  }
  void onUpstreamConnectionClose(CloseType close_type) override {
    LOG_INFO("upstream closed by " + nameOf(close_type));
  }
  void onLog() override { LOG_INFO("log"); }

 private:
  static std::string nameOf(CloseType type) {
    switch (type) {
      case CloseType::Unknown:
        return "somebody";
      case CloseType::Local:
        return "the proxy";
      case CloseType::Remote:
        return "the peer";
    }
    return "a number";
  }
};

static RegisterContextFactory register_Tcp(CONTEXT_FACTORY(TcpContext));
