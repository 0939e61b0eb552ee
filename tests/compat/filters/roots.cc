// Several filters in one module, registered in every way that users of the existing C++ SDK have.
#include <memory>
#include <string>

#include "proxy_wasm_intrinsics.h"

namespace {

class NamedRoot : public RootContext {
 public:
  NamedRoot(uint32_t id, std::string_view root_id, std::string name)
      : RootContext(id, root_id), name_(std::move(name)) {}
  explicit NamedRoot(uint32_t id, std::string_view root_id) : NamedRoot(id, root_id, "factory") {}
  bool onConfigure(size_t) override {
    LOG_INFO(name_ + " root '" + std::string(root_id()) + "'");
    if (getRoot(root_id()) != this || getRootContext(id()) != this) LOG_ERROR("a root is not found");
    return true;
  }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

class Naming : public Context {
 public:
  explicit Naming(uint32_t id, RootContext* root) : Context(id, root) {}
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    addRequestHeader("x-root", name());
    return FilterHeadersStatus::Continue;
  }

 protected:
  virtual std::string name() {
    auto* const root = dynamic_cast<NamedRoot*>(this->root());
    return root == nullptr ? "none" : root->name();
  }
};

class MoreNaming : public Naming {
 public:
  using Naming::Naming;

 protected:
  std::string name() override { return "more " + Naming::name(); }
};

std::unique_ptr<Context> makeNaming(uint32_t id, RootContext* root) { return std::make_unique<Naming>(id, root); }

// Both factories by macro; in two registrations; only one of them; as a function, a lambda, a std::function.
RegisterContextFactory register_Default(CONTEXT_FACTORY(Naming), ROOT_FACTORY(NamedRoot));
RegisterContextFactory register_Context(CONTEXT_FACTORY(MoreNaming), "apart");
RegisterContextFactory register_Root(ROOT_FACTORY(NamedRoot), std::string("apart"));
RegisterContextFactory register_OnlyRoot(nullptr, ROOT_FACTORY(NamedRoot), "only root");
RegisterContextFactory register_OnlyContext(CONTEXT_FACTORY(Naming), "only context");
RegisterContextFactory register_Base(CONTEXT_FACTORY(Naming), ROOT_FACTORY(RootContext), "base");
RegisterContextFactory register_Functions(
    makeNaming,
    [](uint32_t id, std::string_view root_id) -> std::unique_ptr<RootContext> {
      return std::make_unique<NamedRoot>(id, root_id, "lambda");
    },
    "functions");
const ContextFactory kContextFactory = CONTEXT_FACTORY(MoreNaming);
const RootFactory kRootFactory = ROOT_FACTORY(NamedRoot);
RegisterContextFactory register_StdFunctions(kContextFactory, kRootFactory, "std::function");
RegisterContextFactory register_Null(ContextFactory(), RootFactory(), "null");
RegisterContextFactory register_NullMade([](uint32_t, RootContext*) -> std::unique_ptr<Context> { return nullptr; },
                                         [](uint32_t, std::string_view) -> std::unique_ptr<RootContext> {
                                           return nullptr;
                                         },
                                         "nothing made");
RegisterContextFactory register_First(CONTEXT_FACTORY(Naming), ROOT_FACTORY(NamedRoot), "twice");
RegisterContextFactory register_Second(CONTEXT_FACTORY(MoreNaming), "twice");

}  // namespace
