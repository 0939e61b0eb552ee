// Typed messages; the build chooses the lite or the full variant.
#include <memory>
#include <string>

#include "proxy_wasm_intrinsics.h"

#ifndef PROXY_WASM_PROTOBUF
#error "this filter is for the variants with protobuf"
#endif

using google::protobuf::Value;

class Handler : public GrpcCallHandler<Value> {
 public:
  void onSuccess(size_t body_size) override {
    const Value value = getBufferBytes(WasmBufferType::GrpcReceiveBuffer, 0, body_size)->proto<Value>();
    LOG_INFO("answer: " + value.string_value());
  }
  void onFailure(GrpcStatus) override { LOG_INFO("no answer"); }
};

class Stream : public GrpcStreamHandler<Value, Value> {
 public:
  void onReceive(size_t body_size) override {
    LOG_INFO("message: " +
             getBufferBytes(WasmBufferType::GrpcReceiveBuffer, 0, body_size)->proto<Value>().string_value());
    Value value;
    value.set_string_value("bye");
    send(value, true);
  }
  void onRemoteClose(GrpcStatus) override {}
};

class ProtoRootContext : public RootContext {
 public:
  explicit ProtoRootContext(uint32_t id, std::string_view root_id) : RootContext(id, root_id) {}

  bool onConfigure(size_t size) override {
    auto configuration = getBufferBytes(WasmBufferType::PluginConfiguration, 0, size);
    WKT known;
    if (!known.ParseFromString(configuration->toString())) {
      LOG_ERROR("the configuration is no message");
      return false;
    }
    const auto& fields = known.struct_().fields();
    const auto cluster = fields.find("cluster");
    if (cluster != fields.end()) service_.mutable_envoy_grpc()->set_cluster_name(cluster->second.string_value());
    return true;
  }

  void onTick() override {
    std::string service;
    service_.SerializeToString(&service);
    Value value;
    value.set_string_value("question");
    const auto answered = [](size_t) { LOG_INFO("first answer"); };
    LOG_INFO("simple: " + toString(grpcSimpleCall(service, "test.Service", "Method", {}, value, 1000, answered,
                                                  [](GrpcStatus) { LOG_INFO("first failure"); })));
    LOG_INFO("call: " + toString(grpcCallHandler(service, "test.Service", "Method", {}, value, 1000,
                                                 std::make_unique<Handler>())));
    auto handler = std::make_unique<Stream>();
    auto* const stream = handler.get();
    LOG_INFO("stream: " + toString(grpcStreamHandler(service, "test.Service", "Stream", {}, std::move(handler))));
    stream->send(value, false);
    Value property;
    LOG_INFO(std::string("property: ") +
             (getMessageValue({"my", "message"}, &property) ? property.string_value() : "none"));
  }

 private:
  GrpcService service_;
};

static RegisterContextFactory register_Proto(ROOT_FACTORY(ProtoRootContext));
