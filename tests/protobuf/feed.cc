// A stream of messages: sends one when it opens, and logs those that come.
#include <sluice/protobuf.h>
#include <sluice/sluice.h>

#include "tree.pb.h"

using namespace sluice;

namespace {

class Feed : public GrpcStream {
  void onMessage(size_t /*size*/) override {
    const auto tree = message<protobuf_test::Tree>();
    if (!tree) {
      logInfo("no tree: ", tree.status());
      return;
    }
    logInfo("a tree: ", tree->name(), " with ", tree->children_size(), " children");
    if (tree->name() == "again") warnUnlessOk(send(*tree), "sending");
  }
  void onClose(GrpcStatus status, std::string_view /*message*/) override { logInfo("closed: ", status); }
};

class FeedRoot : public RootContext {
 public:
  bool onConfigure(size_t) override {
    protobuf_test::Tree tree;
    tree.set_name("hello");
    return feed_.open(*this, {.target = "feed", .service = "test.Feed", .method = "Watch"}) == Status::Ok &&
           feed_.send(tree) == Status::Ok;
  }

 private:
  Feed feed_;
};

Register<FeedRoot> registration;

}  // namespace
