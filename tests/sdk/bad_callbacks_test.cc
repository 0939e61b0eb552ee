// Callbacks for contexts that do not exist or have another kind, out of order, after delete, and repeated.
#include <algorithm>
#include <functional>

#include "script_test.h"

namespace sluice::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct CallbackCase {
  std::string name;
  std::vector<uint64_t> arguments;  // The arguments after the context's id.
  bool ofRoot;
  bool ofStream;
  uint64_t ignored;  // The result for a context that it does not apply to.
};

const CallbackCase kCallbacks[] = {
    {"proxy_on_vm_start", {0}, true, false, 0},
    {"proxy_on_configure", {0}, true, false, 0},
    {"proxy_on_tick", {}, true, false, 0},
    {"proxy_on_queue_ready", {1}, true, false, 0},
    {"proxy_on_foreign_function", {1, 0}, true, false, 0},
    {"proxy_on_request_metadata", {1}, false, true, 0},
    {"proxy_on_response_metadata", {1}, false, true, 0},
    {"proxy_on_request_headers", {1, 0}, false, true, 0},
    {"proxy_on_request_body", {1, 0}, false, true, 0},
    {"proxy_on_request_trailers", {1}, false, true, 0},
    {"proxy_on_response_headers", {1, 0}, false, true, 0},
    {"proxy_on_response_body", {1, 0}, false, true, 0},
    {"proxy_on_response_trailers", {1}, false, true, 0},
    {"proxy_on_done", {}, true, true, 1},
    {"proxy_on_log", {}, true, true, 0},
    {"proxy_on_delete", {}, true, true, 0},
};

void PrintTo(const CallbackCase& callbackCase, std::ostream* out) { *out << callbackCase.name; }

const auto kIgnored = HasSubstr("sluice: ignored a callback: bad context id ");

class BadCallbacks : public ScriptTest {
 protected:
  static constexpr uint64_t kStream = 5000;
  void SetUp() override { ASSERT_TRUE(start()); }
  uint64_t root() { return plugin().rootContextId(); }
  void create(uint64_t id, uint64_t parent) { plugin().callback("proxy_on_context_create", {id, parent}); }
  uint64_t call(const CallbackCase& callback, uint64_t id) {
    std::vector<uint64_t> arguments = {id};
    arguments.insert(arguments.end(), callback.arguments.begin(), callback.arguments.end());
    return plugin().callback(callback.name, arguments);
  }
};

class EachCallback : public BadCallbacks, public ::testing::WithParamInterface<CallbackCase> {};
INSTANTIATE_TEST_SUITE_P(Callbacks, EachCallback, ::testing::ValuesIn(kCallbacks));

TEST_P(EachCallback, ForAnUnknownContextIsIgnored) {
  for (const uint64_t id : {uint64_t{0}, root() + 1, root() + 1024, kStream, uint64_t{0x7fffffff}, uint64_t{0x80000000},
                            uint64_t{0xffffffff}}) {
    host().clearLogs();
    EXPECT_EQ(call(GetParam(), id), GetParam().ignored) << id;
    EXPECT_THAT(said(), ElementsAre(HasSubstr("bad context id " + std::to_string(id)))) << id;
  }
}

TEST_P(EachCallback, ForAContextOfTheWrongKindIsIgnored) {
  create(kStream, root());
  host().clearLogs();
  const auto& callback = GetParam();
  if (!callback.ofRoot) {
    EXPECT_EQ(call(callback, root()), callback.ignored);
    EXPECT_THAT(said(), ElementsAre(kIgnored));
  }
  if (!callback.ofStream) {
    EXPECT_EQ(call(callback, kStream), callback.ignored);
    EXPECT_THAT(said(), ElementsAre(kIgnored));
  }
}

TEST_P(EachCallback, AfterDeleteIsIgnored) {
  create(kStream, root());
  plugin().callback("proxy_on_delete", {kStream});
  host().clearLogs();
  call(GetParam(), kStream);
  EXPECT_THAT(said(), ElementsAre(kIgnored));
  plugin().callback("proxy_on_delete", {root()});
  host().clearLogs();
  call(GetParam(), root());
  EXPECT_THAT(said(), ElementsAre(kIgnored));
}

TEST_P(EachCallback, OutOfOrderIsOnlyACall) {
  create(kStream, root());
  for (int i = 0; i < 3; ++i) {
    if (GetParam().ofStream && GetParam().name != "proxy_on_delete") call(GetParam(), kStream);
    if (GetParam().ofRoot && GetParam().name != "proxy_on_delete") call(GetParam(), root());
  }
  EXPECT_THAT(said(), IsEmpty());
  EXPECT_FALSE(plugin().failure().has_value());
}

TEST_P(EachCallback, AnySizeAndCountIsOnlyANumber) {
  create(kStream, root());
  auto callback = GetParam();
  for (auto& argument : callback.arguments) argument = 0xffffffff;
  call(callback, callback.ofStream ? kStream : root());
  EXPECT_FALSE(plugin().failure().has_value());
}

TEST_F(BadCallbacks, AContextThatExistsIsNotCreatedAgain) {
  create(kStream, root());
  create(kStream, root());
  create(root(), 0);
  EXPECT_THAT(said(), ElementsAre(kIgnored, kIgnored));
  const auto lines = trace();
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.ends_with("onCreate"); }), 2);
}

// No host gives a stream and a root context the same id. The host can still delete both.
TEST_F(BadCallbacks, ARootAndAStreamOfOneIdAreTwoContexts) {
  create(kStream, root());
  create(kStream, 0);
  create(root(), root());
  for (const auto id : {kStream, kStream, root(), root()}) plugin().callback("proxy_on_delete", {id});
  EXPECT_THAT(said(), IsEmpty());
  const auto lines = trace();
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.ends_with("gone"); }), 4);
}

TEST_F(BadCallbacks, AStreamNeedsARootThatExists) {
  create(kStream, root() + 1);
  create(kStream, kStream);
  create(kStream, root());
  create(kStream + 1, kStream);  // A stream is not a root context.
  EXPECT_THAT(said(), ElementsAre(kIgnored, kIgnored, kIgnored));
}

TEST_F(BadCallbacks, AnIdMayBeUsedAgainAfterDelete) {
  for (int i = 0; i < 3; ++i) {
    create(kStream, root());
    plugin().callback("proxy_on_request_headers", {kStream, 0, 1});
    plugin().callback("proxy_on_delete", {kStream});
  }
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(BadCallbacks, ContextsOfOneChainAreToldApart) {
  for (uint64_t i = 0; i < 8; ++i) create(kStream + 1024 * i, root());
  for (const uint64_t i : {3u, 0u, 7u, 5u}) {
    plugin().callback("proxy_on_delete", {kStream + 1024 * i});
    EXPECT_EQ(trace().back(), "stream " + std::to_string(kStream + 1024 * i) + ": gone");
  }
  for (const uint64_t i : {1u, 2u, 4u, 6u}) plugin().callback("proxy_on_log", {kStream + 1024 * i});
  EXPECT_THAT(said(), IsEmpty());
  plugin().callback("proxy_on_log", {kStream + 1024 * 3});
  EXPECT_THAT(said(), ElementsAre(kIgnored));
}

// Parent id 0 means that there is no parent.
TEST_F(BadCallbacks, IdZeroIsNoRootButMayBeAStream) {
  create(0, 0);
  EXPECT_THAT(said(), ElementsAre(kIgnored));
  host().clearLogs();
  create(0, root());
  EXPECT_EQ(trace().back(), "stream 0: onCreate");
  plugin().callback("proxy_on_delete", {0});
  EXPECT_EQ(trace().back(), "stream 0: gone");
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(BadCallbacks, SeveralRootsLiveSideBySide) {
  create(100, 0);
  create(101, 100);
  create(102, root());
  plugin().callback("proxy_on_delete", {100});
  EXPECT_THAT(trace(), Contains("stream 101: gone"));
  EXPECT_EQ(trace().back(), "root 100: gone");
  plugin().callback("proxy_on_request_headers", {102, 0, 1});
  EXPECT_THAT(said(), IsEmpty());
  plugin().callback("proxy_on_log", {101});
  EXPECT_THAT(said(), ElementsAre(kIgnored));
}

TEST_F(BadCallbacks, MemoryThatNobodyUsesIsFreed) {
  for (int i = 0; i < 2000; ++i) plugin().callback("proxy_on_memory_allocate", {1000});
  plugin().callback("proxy_on_tick", {root()});
  const auto pages = plugin().memoryPages();
  for (int i = 0; i < 2000; ++i) plugin().callback("proxy_on_memory_allocate", {1000});
  plugin().callback("proxy_on_tick", {root()});
  EXPECT_EQ(plugin().memoryPages(), pages);
}

TEST_F(BadCallbacks, SizesThatNoMemoryHasAreNull) {
  if (!isWasmRun()) GTEST_SKIP() << "Natively the address sanitizer refuses these itself.";
  std::vector<uint64_t> sizes;
  for (uint64_t below = 0; below < 70'000; below += below < 300 || below > 64'000 ? 1 : 97)
    sizes.push_back(0xffffffff - below);
  for (const uint64_t size :
       {0xfff00000u, 0xf0000000u, 0xc0000000u, 0x80000001u, 0x80000000u, 0x7fffffffu, 0x40000000u}) {
    sizes.push_back(size);
  }
  for (const auto size : sizes) {
    ASSERT_EQ(plugin().callback("proxy_on_memory_allocate", {size}), 0u) << std::hex << size;
  }
  // The heap is unchanged.
  EXPECT_NE(plugin().callback("proxy_on_memory_allocate", {10'000}), 0u);
  EXPECT_NE(plugin().callback("proxy_on_memory_allocate", {0}), 0u);
  EXPECT_LE(plugin().memoryPages(), 3u);
  plugin().callback("proxy_on_tick", {root()});
  EXPECT_THAT(said(), IsEmpty());
}

// --- A host that deletes a context during a hostcall that the context's callback makes.

class DeletedMeanwhile : public BadCallbacks {
 protected:
  /// Sets what the host does when the filter calls the foreign function "meanwhile".
  void onMeanwhile(const std::function<void()>& act) {
    host().registerForeignFunction("meanwhile", [act](std::string_view, std::string*) {
      act();
      return Status::Ok;
    });
  }
  void remove(uint64_t id) { plugin().callback("proxy_on_delete", {id}); }
};

TEST_F(DeletedMeanwhile, AStreamLivesUntilItsCallbackReturns) {
  ASSERT_TRUE(startScript({{"onRequestHeaders", "callForeignFunction", {"meanwhile"}},
                           {"onRequestHeaders", "stream.maps"},
                           {"onRequestHeaders", "return", {"1"}}}));
  create(kStream, root());
  onMeanwhile([&] {
    remove(kStream);
    EXPECT_EQ(trace().back(), "stream 5000: onDelete");
    // The context no longer exists for the host, and its id is free.
    remove(kStream);
    create(kStream, root());
  });
  EXPECT_EQ(plugin().callback("proxy_on_request_headers", {kStream, 1, 0}), 1u);
  EXPECT_EQ(trace().back(), "stream 5000: gone");
  EXPECT_THAT(said(), Contains(kIgnored));
  onMeanwhile([] {});
  host().clearLogs();
  plugin().callback("proxy_on_request_headers", {kStream, 1, 0});
  remove(kStream);
  EXPECT_EQ(trace().back(), "stream 5000: gone");
}

TEST_F(DeletedMeanwhile, ARootGoesAfterItsStreams) {
  ASSERT_TRUE(startScript({{"onTick", "callForeignFunction", {"meanwhile"}}, {"onTick", "currentTime"}}));
  create(kStream, root());
  create(kStream + 1, root());
  onMeanwhile([&] {
    remove(kStream + 1);
    remove(root());
  });
  plugin().callback("proxy_on_tick", {root()});
  const auto lines = trace();
  ASSERT_GE(lines.size(), 3u);
  EXPECT_THAT(std::vector(lines.end() - 3, lines.end()),
              ElementsAre(StartsWith("stream "), StartsWith("stream "), "root " + std::to_string(root()) + ": gone"));
}

}  // namespace
}  // namespace sluice::testing
