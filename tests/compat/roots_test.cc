// Several old-style filters in one module: which factory makes which context.
#include "sluice/testing.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::Not;

struct RootCase {
  std::string rootId;
  std::string root;    // The text that the root context logs; "" when it does nothing.
  std::string header;  // The value that the stream context writes; "" when it does nothing.
};

void PrintTo(const RootCase& rootCase, std::ostream* out) { *out << rootCase.rootId; }

class OldRoots : public FilterTest, public ::testing::WithParamInterface<RootCase> {};

INSTANTIATE_TEST_SUITE_P(RootIds, OldRoots,
                         ::testing::Values(RootCase{"", "factory", "factory"},
                                           RootCase{"apart", "factory", "more factory"},
                                           RootCase{"only root", "factory", ""}, RootCase{"only context", "", "none"},
                                           RootCase{"base", "", "none"}, RootCase{"functions", "lambda", "lambda"},
                                           RootCase{"std::function", "factory", "more factory"},
                                           RootCase{"null", "", ""}, RootCase{"nothing made", "", ""},
                                           RootCase{"twice", "factory", "more factory"}, RootCase{"nobody's", "", ""},
                                           RootCase{"apar", "", ""}));

TEST_P(OldRoots, ARootIdHasItsOwnClasses) {
  const auto& [rootId, root, header] = GetParam();
  ASSERT_TRUE(start({.rootId = rootId}));
  const auto headers = send(get("/")).request.headers;
  if (header.empty()) {
    EXPECT_THAT(headers, HasNoHeader("x-root"));
  } else {
    EXPECT_THAT(headers, HasHeader("x-root", header));
  }
  if (root.empty()) {
    EXPECT_TRUE(logs().empty());
  } else {
    EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Info, EndsWith(root + " root '" + rootId + "'"))));
  }
  EXPECT_THAT(logs(), Not(Contains(LogLine(LogLevel::Error))));
}

TEST_F(OldRoots, SeveralInOneVm) {
  ASSERT_TRUE(start({.rootId = "apart", .vmId = "shared"}));
  ASSERT_TRUE(start({.rootId = "functions", .vmId = "shared"}));
  EXPECT_THAT(send(get("/")).request.headers, HasHeader("x-root", "lambda"));
  ASSERT_TRUE(start({.rootId = "", .vmId = "shared"}));
  EXPECT_THAT(send(get("/")).request.headers, HasHeader("x-root", "factory"));
  EXPECT_THAT(logs(), Not(Contains(LogLine(LogLevel::Error))));
}

TEST_F(OldRoots, FactoriesThatTellNoClassExportEveryCallback) {
  ASSERT_TRUE(start());
  for (const auto* name :
       {"proxy_on_request_body", "proxy_on_response_trailers", "proxy_on_tick", "proxy_on_done", "proxy_on_log",
        "proxy_on_new_connection", "proxy_on_downstream_data", "proxy_on_upstream_connection_close",
        "proxy_on_request_metadata", "proxy_on_queue_ready", "proxy_on_foreign_function", "proxy_on_http_call_response",
        "proxy_on_grpc_receive", "proxy_on_grpc_close"}) {
    EXPECT_TRUE(plugin().exports(name)) << name;
  }
}

}  // namespace
}  // namespace sluice::testing
