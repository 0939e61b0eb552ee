// Bench job add_header, written for the existing C++ SDK and compiled through the compatibility header.
#include <string>

#include "proxy_wasm_intrinsics.h"

class AddHeaderRoot : public RootContext {
 public:
  explicit AddHeaderRoot(uint32_t id, std::string_view rootId) : RootContext(id, rootId) {}

  bool onConfigure(size_t size) override {
    auto configuration = getBufferBytes(WasmBufferType::PluginConfiguration, 0, size);
    auto text = configuration->view();
    auto colon = text.find(": ");
    if (colon == std::string_view::npos || colon == 0) {
      LOG_ERROR("the configuration must be `name: value`");
      return false;
    }
    name = std::string(text.substr(0, colon));
    value = std::string(text.substr(colon + 2));
    return true;
  }

  std::string name;
  std::string value;
};

class AddHeaderContext : public Context {
 public:
  explicit AddHeaderContext(uint32_t id, RootContext* root) : Context(id, root) {}

  FilterHeadersStatus onResponseHeaders(uint32_t, bool) override {
    auto* root = dynamic_cast<AddHeaderRoot*>(this->root());
    if (addResponseHeader(root->name, root->value) != WasmResult::Ok) LOG_WARN("adding the header failed");
    return FilterHeadersStatus::Continue;
  }
};

static RegisterContextFactory register_AddHeader(CONTEXT_FACTORY(AddHeaderContext), ROOT_FACTORY(AddHeaderRoot));
