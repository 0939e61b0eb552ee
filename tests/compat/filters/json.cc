// Reads its configuration as JSON into a google.protobuf.Struct, as filters for the existing C++ SDK with protobuf's
// full runtime do, and logs what reflection, text format and JSON make of it.
#include <google/protobuf/message.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <string>

#include "proxy_wasm_intrinsics_full.h"

class JsonRootContext : public RootContext {
 public:
  using RootContext::RootContext;

  bool onConfigure(size_t size) override {
    const auto text = getBufferBytes(WasmBufferType::PluginConfiguration, 0, size)->toString();
    google::protobuf::Struct configuration;
    const auto status = google::protobuf::util::JsonStringToMessage(text, &configuration);
    if (!status.ok()) {
      LOG_WARN("refused: " + status.ToString());
      return false;
    }
    const auto& fields = configuration.fields();
    LOG_INFO("header: " + fields.at("header").string_value());
    LOG_INFO("limit: " + std::to_string(static_cast<int>(fields.at("limit").number_value())));
    LOG_INFO("list: " + std::to_string(fields.at("list").list_value().values_size()));

    const google::protobuf::Message& message = fields.at("limit");
    LOG_INFO("type: " + message.GetTypeName() + " of " + std::to_string(message.GetDescriptor()->field_count()));
    LOG_INFO("text: " + message.ShortDebugString());
    std::string json;
    if (google::protobuf::util::MessageToJsonString(fields.at("list"), &json).ok()) LOG_INFO("json: " + json);
    return true;
  }
};

class JsonContext : public Context {
 public:
  using Context::Context;
};

static RegisterContextFactory registration(CONTEXT_FACTORY(JsonContext), ROOT_FACTORY(JsonRootContext));
