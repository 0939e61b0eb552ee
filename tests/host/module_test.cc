// The errors of loading a faulty module.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "sluice/testing.h"
#include "wat.h"

namespace sluice::host {
namespace {

using test::assemble;
using test::guest;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kAllocator[] = R"((func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 1024)))";
constexpr char kVersion[] = R"((func (export "proxy_abi_version_0_2_1")))";

struct Failure {
  std::string message;
  std::optional<ErrorKind> kind;
};

Failure load(std::string_view bytes, PluginOptions options = {}) {
  Host host;
  try {
    host.loadModule(bytes, "a.wasm", std::move(options));
  } catch (const Error& error) {
    return {error.what(), error.kind()};
  }
  return {"", std::nullopt};
}

std::string module(std::string_view parts) { return assemble("(module " + std::string(parts) + ")"); }

TEST(Module, LoadsWhenItHasVersionAndAllocator) {
  EXPECT_EQ(load(module(std::string(kVersion) + "(memory 1)" + kAllocator)).kind, std::nullopt);
}

TEST(Module, SaysThatTheFileIsMissing) {
  Host host;
  try {
    host.load("no/such/filter.wasm");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::File);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("no/such/filter.wasm"), HasSubstr("no such file")));
  }
}

TEST(Module, SaysThatBytesAreNotWebAssembly) {
  EXPECT_EQ(load("").kind, ErrorKind::Module);
  Failure failure = load("#!/bin/sh\n");
  EXPECT_EQ(failure.kind, ErrorKind::Module);
  EXPECT_THAT(failure.message, AllOf(HasSubstr("a.wasm"), HasSubstr("not a WebAssembly module")));
}

TEST(Module, EveryTruncationIsAnErrorThatSaysWhere) {
  const std::string whole = guest("");
  size_t broken = 0;
  for (size_t size = 0; size < whole.size(); ++size) {
    Failure failure = load(std::string_view(whole).substr(0, size));
    if (!failure.kind) continue;  // Cut between name sections: still a module.
    ++broken;
    EXPECT_THAT(failure.message, HasSubstr("a.wasm"));
  }
  EXPECT_GT(broken, whole.size() / 2);
  Failure failure = load(std::string_view(whole).substr(0, whole.size() / 2));
  EXPECT_THAT(failure.message, AllOf(HasSubstr("broken or truncated"), HasSubstr("at byte")));
}

TEST(Module, SaysThatItIsNotProxyWasm) {
  Failure failure = load(module("(memory 1)"));
  EXPECT_EQ(failure.kind, ErrorKind::NotProxyWasm);
  EXPECT_THAT(failure.message, HasSubstr("proxy_abi_version_0_2_1"));
  failure = load(module(R"((func (export "proxy_abi_version_9_9_9")))"));
  EXPECT_THAT(failure.message, HasSubstr("proxy_abi_version_9_9_9"));
}

TEST(Module, SaysThatTheAllocatorIsMissing) {
  Failure failure = load(module(kVersion));
  EXPECT_EQ(failure.kind, ErrorKind::MissingFunction);
  EXPECT_THAT(failure.message, HasSubstr("proxy_on_memory_allocate"));
}

TEST(Module, NamesAnUnknownImport) {
  Failure failure = load(module(R"((import "env" "frobnicate" (func)))" + std::string(kVersion) + kAllocator));
  EXPECT_EQ(failure.kind, ErrorKind::Import);
  EXPECT_THAT(failure.message,
              AllOf(HasSubstr("a.wasm"), HasSubstr("env.frobnicate"), HasSubstr("no Proxy-Wasm host")));
}

TEST(Module, NamesAWasiFunctionThatProxiesLack) {
  Failure failure =
      load(module(R"((import "wasi_snapshot_preview1" "thread-spawn" (func)))" + std::string(kVersion) + kAllocator));
  EXPECT_EQ(failure.kind, ErrorKind::Import);
  EXPECT_THAT(failure.message, HasSubstr("wasi_snapshot_preview1.thread-spawn"));
}

TEST(Module, NamesAnImportOfAnotherAbiVersion) {
  Failure failure = load(
      module(R"((import "env" "proxy_continue_request" (func (result i32))))" + std::string(kVersion) + kAllocator));
  EXPECT_EQ(failure.kind, ErrorKind::Import);
  EXPECT_THAT(failure.message, AllOf(HasSubstr("proxy_continue_request"), HasSubstr("0.1.0"), HasSubstr("0.2.1")));
}

TEST(Module, NamesAnImportWithAnotherSignature) {
  Failure failure = load(
      module(R"((import "env" "proxy_log" (func (param i32 i64) (result i32))))" + std::string(kVersion) + kAllocator));
  EXPECT_EQ(failure.kind, ErrorKind::Import);
  EXPECT_THAT(failure.message,
              AllOf(HasSubstr("proxy_log"), HasSubstr("(i32, i64) -> i32"), HasSubstr("(i32, i32, i32) -> i32")));
}

TEST(Module, RefusesAnImportThatIsNoFunction) {
  Failure failure = load(module(R"((import "env" "memory" (memory 1)))" + std::string(kVersion) + kAllocator));
  EXPECT_EQ(failure.kind, ErrorKind::Import);
  EXPECT_THAT(failure.message, AllOf(HasSubstr("memory env.memory"), HasSubstr("functions only")));
}

TEST(Module, NamesACallbackWithAnotherSignature) {
  Failure failure =
      load(guest(R"((func (export "proxy_on_request_headers") (param i32 i32) (result i32) (i32.const 0)))"));
  EXPECT_EQ(failure.kind, ErrorKind::Export);
  EXPECT_THAT(failure.message, AllOf(HasSubstr("proxy_on_request_headers"), HasSubstr("(i32, i32, i32) -> i32")));
}

TEST(Module, SaysThatItWantsTooMuchMemoryAtStart) {
  Failure failure = load(module("(memory 40)" + std::string(kVersion) + kAllocator), {.limits = {.memoryPages = 30}});
  EXPECT_EQ(failure.kind, ErrorKind::OutOfMemory);
  EXPECT_THAT(failure.message, AllOf(HasSubstr("40"), HasSubstr("30")));
}

TEST(Module, SaysThatItWantsTooLargeTables) {
  Failure failure = load(module("(table 1000000000 funcref)" + std::string(kVersion) + kAllocator));
  EXPECT_EQ(failure.kind, ErrorKind::OutOfMemory);
  EXPECT_THAT(failure.message, AllOf(HasSubstr("1000000000"), HasSubstr("Limits::tableElements")));
}

// What follows asks wabt for more memory than there is.
std::string binary(std::string_view sections) { return std::string("\0asm\1\0\0\0", 8) + std::string(sections); }
// A module with one function of type () -> (), whose body is `code`.
std::string function(std::string_view code) {
  using namespace std::string_view_literals;
  std::string bytes("\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a"sv);
  bytes.push_back(static_cast<char>(code.size() + 2));
  bytes.push_back('\1');
  bytes.push_back(static_cast<char>(code.size()));
  return binary(bytes.append(code));
}

TEST(Module, ACountThatTheFileCannotHoldIsRefused) {
  using namespace std::string_view_literals;
  Failure failure = load(binary("\x0c\x05\xff\xff\xff\xff\x0f"));
  EXPECT_EQ(failure.kind, ErrorKind::Module);
  EXPECT_THAT(failure.message, AllOf(HasSubstr("4294967295 data segments"), HasSubstr("at byte")));
  failure = load(function("\0\x41\0\x0e\xff\xff\xff\xff\x0f\0\x0b"sv));
  EXPECT_THAT(failure.message, HasSubstr("4294967295 targets of br_table"));
  failure = load(function("\0\x41\0\x41\0\x41\0\x1c\xff\xff\xff\xff\x0f\x1a\x0b"sv));
  EXPECT_THAT(failure.message, HasSubstr("4294967295 types of select"));
}

TEST(Module, AFunctionWithMoreLocalsThanEnginesTakeIsRefused) {
  using namespace std::string_view_literals;
  Failure failure = load(function("\1\xff\xff\xff\x7f\x7f\x0b"sv));
  EXPECT_EQ(failure.kind, ErrorKind::Module);
  EXPECT_THAT(failure.message, AllOf(HasSubstr("function 0"), HasSubstr("268435455 locals"), HasSubstr("50000")));
}

TEST(Module, NamesACallbackThatIsAnImport) {
  constexpr char kImport[] = R"((import "env" "proxy_done" (func $done (result i32)))
    (import "env" "proxy_set_tick_period_milliseconds" (func $period (param i32) (result i32)))
    (import "env" "emscripten_notify_memory_growth" (func $grown (param i32)))
    (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32))))";
  const std::string head = kImport + std::string(kVersion);
  auto refused = [&](const std::string& parts) {
    Failure failure = load(module(head + parts));
    EXPECT_EQ(failure.kind, ErrorKind::Export) << parts;
    return failure.message;
  };
  EXPECT_THAT(refused(std::string(kAllocator) + R"((export "proxy_on_tick" (func $grown)))"),
              AllOf(HasSubstr("proxy_on_tick"), HasSubstr("emscripten_notify_memory_growth")));
  EXPECT_THAT(refused(R"((export "malloc" (func $period)))"), HasSubstr("call malloc"));
  EXPECT_THAT(refused(std::string(kAllocator) + R"((export "__main_void" (func $yield))
                                                   (func (export "_initialize")))"),
              HasSubstr("sched_yield"));
  const std::string noType = R"((import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))))";
  // No function that hosts provide has the type () -> () of a start function or of _initialize.
  EXPECT_EQ(load(module(noType + std::string(kVersion) + kAllocator + R"((export "_initialize" (func $exit)))")).kind,
            ErrorKind::Export);
}

TEST(Module, LoadsFromAFile) {
  auto path = std::filesystem::temp_directory_path() / "sluice_module_test.wasm";
  std::ofstream(path, std::ios::binary) << guest("");
  Host host;
  EXPECT_TRUE(host.load(path)->configured());
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace sluice::host
