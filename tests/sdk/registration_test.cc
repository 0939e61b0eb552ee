// Register: the exports of a module, and the filter of a module that a plugin gets.
#include "script_test.h"
#include "sluice/internal/callbacks.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

class Registration : public ScriptTest {
 protected:
  std::shared_ptr<Plugin> load(std::string_view filter, PluginOptions options = {}) {
    return host().load(siblingFilter(filter), std::move(options));
  }

  /// The callbacks of the ABI that a module exports.
  static std::vector<std::string> exportsOf(const Plugin& plugin) {
    std::vector<std::string> names;
#define TEST_EXPORT(first, last, name, result, params) \
  if (plugin.exports(#name)) names.push_back(#name);
    SLUICE_ABI_CALLBACKS(TEST_EXPORT)
#undef TEST_EXPORT
    return names;
  }
};

const std::vector<std::string> kAlways = {"proxy_on_memory_allocate", "proxy_on_context_create", "proxy_on_delete"};

std::vector<std::string> andAlways(std::vector<std::string> names) {
  names.insert(names.end(), kAlways.begin(), kAlways.end());
  return names;
}

TEST_F(Registration, AStreamAloneExportsWhatItOverrides) {
  const auto plugin = load("sdk_bare_stream");
  EXPECT_THAT(exportsOf(*plugin), UnorderedElementsAreArray(andAlways({"proxy_on_response_headers"})));
  EXPECT_EQ(plugin->abiVersion(), 21);
  EXPECT_TRUE(plugin->configured());
  EXPECT_THAT(plugin->send(get("/"), ok()).response.headers, HasHeader("x-bare", "yes"));
}

TEST_F(Registration, ARootAloneExportsWhatItsBasesOverrideToo) {
  const auto plugin = load("sdk_bare_root", {.vmConfiguration = "four"});
  EXPECT_THAT(exportsOf(*plugin), UnorderedElementsAreArray(andAlways({"proxy_on_vm_start", "proxy_on_tick"})));
  EXPECT_THAT(plugin->send(get("/"), ok()).response, HasStatus(200));
  host().advance(std::chrono::milliseconds(25));
  EXPECT_THAT(said(), ElementsAre("started with 4 bytes: four", "tick of the base", "tick of the base"));
}

// The table in sluice/internal/callbacks.h holds everything that the SDK exports. A callback of the ABI that is in
// neither of these lists is one that no filter can override.
TEST(Callbacks, TheTableHasAllOfTheAbiButAFew) {
  std::vector<std::string> abi;
#define TEST_NAME(first, last, name, result, params) abi.push_back(#name);
  SLUICE_ABI_CALLBACKS(TEST_NAME)
#undef TEST_NAME
  std::vector<std::string> known = {
      // The host allocates guest memory with these.
      "malloc",
      "proxy_on_memory_allocate",
      // Envoy does not call it, but filters for the existing SDK can override it.
      "proxy_validate_configuration",
      // Handlers and tasks get the replies.
      "proxy_on_http_call_response",
      "proxy_on_grpc_receive_initial_metadata",
      "proxy_on_grpc_receive",
      "proxy_on_grpc_receive_trailing_metadata",
      "proxy_on_grpc_close",
  };
#define TEST_NAME(to, snake_name, PascalName, result, parameters) known.push_back("proxy_on_" #snake_name);
  SLUICE_INTERNAL_CONTEXT_CALLBACKS(TEST_NAME)
  SLUICE_INTERNAL_CALLBACKS(TEST_NAME)
#undef TEST_NAME
  EXPECT_THAT(known, UnorderedElementsAreArray(abi));
}

/// The name in Pascal case: "request_headers" becomes "RequestHeaders".
std::string pascalCase(std::string_view snakeCase) {
  std::string name;
  bool wordBegins = true;
  for (const char c : snakeCase) {
    if (c != '_') name.push_back(wordBegins ? static_cast<char>(c - 'a' + 'A') : c);
    wordBegins = c == '_';
  }
  return name;
}

// The method may omit the ABI's first word: proxy_on_vm_start is onStart().
TEST(Callbacks, ARowHasTheSameWordsTwice) {
#define TEST_NAME(to, snake_name, PascalName, result, parameters) \
  EXPECT_THAT(pascalCase(#snake_name), ::testing::EndsWith(#PascalName));
  SLUICE_INTERNAL_CONTEXT_CALLBACKS(TEST_NAME)
  SLUICE_INTERNAL_CALLBACKS(TEST_NAME)
#undef TEST_NAME
}

TEST_F(Registration, AFilterThatOverridesAllExportsAll) {
  ASSERT_TRUE(start());
  EXPECT_THAT(exportsOf(plugin()),
              UnorderedElementsAreArray(
                  andAlways({"proxy_on_done", "proxy_on_log", "proxy_on_vm_start", "proxy_on_configure",
                             "proxy_on_tick", "proxy_on_request_headers", "proxy_on_request_body",
                             "proxy_on_request_trailers", "proxy_on_response_headers", "proxy_on_response_body",
                             "proxy_on_response_trailers", "proxy_on_request_metadata", "proxy_on_response_metadata",
                             "proxy_on_queue_ready", "proxy_on_foreign_function", "proxy_on_http_call_response"})));
}

// The script filter shares sources with the HTTP filters, whose tasks may wait in a body callback, so it may export
// more.
TEST_F(Registration, ATcpFilterExportsTcpCallbacks) {
  const auto exported = exportsOf(*load("sdk_script_tcp"));
  EXPECT_THAT(exported,
              IsSupersetOf(andAlways({"proxy_on_done", "proxy_on_log", "proxy_on_vm_start", "proxy_on_configure",
                                      "proxy_on_tick", "proxy_on_queue_ready", "proxy_on_foreign_function",
                                      "proxy_on_new_connection", "proxy_on_downstream_data", "proxy_on_upstream_data",
                                      "proxy_on_downstream_connection_close", "proxy_on_upstream_connection_close",
                                      "proxy_on_http_call_response"})));
  EXPECT_THAT(exported, Not(Contains("proxy_on_request_headers")));
}

TEST_F(Registration, AModuleWithARootIdCanRefuseSoItExportsConfigure) {
  const auto plugin = load("sdk_two_filters", {.rootId = "marking"});
  EXPECT_THAT(exportsOf(*plugin),
              UnorderedElementsAreArray(andAlways({"proxy_on_configure", "proxy_on_response_headers"})));
}

TEST_F(Registration, TheRootIdChoosesTheFilter) {
  const auto counting = load("sdk_two_filters", {.rootId = "counting"});
  const auto marking = load("sdk_two_filters", {.rootId = "marking"});
  EXPECT_THAT(counting->send(get("/"), ok()).response.headers, HasHeader("x-count", "1"));
  EXPECT_THAT(marking->send(get("/"), ok()).response.headers, HasHeader("x-mark", "m"));
  // The stream is constructed from its root.
  EXPECT_THAT(counting->send(get("/"), ok()).response.headers, HasHeader("x-count", "2"));
}

TEST_F(Registration, AnyOtherRootIdGetsTheFilterWithoutOne) {
  for (const auto* rootId : {"", "other", "countin", "counting "}) {
    const auto plugin = load("sdk_two_filters", {.rootId = rootId});
    EXPECT_TRUE(plugin->configured()) << rootId;
    EXPECT_THAT(plugin->send(get("/"), ok()).response.headers, HasHeader("x-mark", "o")) << rootId;
  }
}

TEST_F(Registration, ARootIdThatNobodyTakesIsRefusedWithALogLine) {
  const auto plugin = load("sdk_no_default_filter", {.rootId = "third"});
  EXPECT_FALSE(plugin->configured());
  EXPECT_FALSE(plugin->failure().has_value());
  EXPECT_THAT(logs(),
              Contains(LogLine(LogLevel::Error,
                               "sluice: no filter in this module is registered for root_id \"third\"; there are: "
                               "\"second\" \"first\"")));
}

TEST_F(Registration, EachRootIdGetsItsOwn) {
  EXPECT_TRUE(load("sdk_no_default_filter", {.rootId = "second"})->configured());
  EXPECT_TRUE(load("sdk_no_default_filter", {.rootId = "first"})->configured());
  EXPECT_THAT(said(), ElementsAre("second", "first"));
}

TEST_F(Registration, AHostThatDoesNotTellTheRootIdIsRefusedToo) {
  host().failHostcall("proxy_get_property", Status::NotFound);
  EXPECT_FALSE(load("sdk_no_default_filter", {.rootId = "first"})->configured());
  EXPECT_THAT(logs(), Contains(LogLine(LogLevel::Error, ::testing::HasSubstr("root_id \"\""))));
}

}  // namespace
}  // namespace sluice::testing
