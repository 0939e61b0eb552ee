// Prints the costs of the bench filters next to their limits, and fails if a limit is exceeded. It counts and reads no
// clock.
//
//   sluice_bench DIRECTORY     with the directory of bench_*.wasm and add_header_by_hand.wasm
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "jobs.h"

namespace sluice::bench {

namespace {

constexpr int kWarmUp = 10;
constexpr uint32_t kPagesAtStart = 2;

struct Figures {
  uint64_t bytes = 0;
  uint64_t instructions = 0;
  uint64_t crossings = 0;
  uint32_t pagesAtStart = 0;
  uint32_t pagesAtEnd = 0;
};

class Failure : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::shared_ptr<host::Plugin> load(host::Host& host, const std::filesystem::path& file,
                                   const std::string& configuration) {
  auto plugin = host.load(file, {.configuration = configuration});
  if (!plugin->configured()) throw Failure(file.string() + ": refused its configuration");
  return plugin;
}

void checkExchange(const Job& job, const host::Exchange& exchange, const std::filesystem::path& file) {
  const auto wrong = job.check(exchange);
  if (!wrong.empty()) throw Failure(file.string() + ": does not do the job: " + wrong);
}

Figures measure(const Job& job, const std::filesystem::path& file) {
  host::Host host;
  host.addCluster("service", answerCallout);
  const auto plugin = load(host, file, job.configuration);
  Figures figures;
  figures.bytes = std::filesystem::file_size(file);
  figures.pagesAtStart = plugin->memoryPages();
  for (int i = 0; i < kWarmUp; ++i) checkExchange(job, plugin->send(job.request, job.response), file);
  const auto before = plugin->counts();
  checkExchange(job, plugin->send(job.request, job.response), file);
  const auto cost = plugin->counts() - before;
  figures.instructions = cost.instructions;
  figures.crossings = cost.crossings;
  for (int i = 0; i < job.requests; ++i) static_cast<void>(plugin->send(job.request, job.response));
  figures.pagesAtEnd = plugin->memoryPages();
  if (!host.errors().empty()) throw Failure(file.string() + ": " + host.errors().front().what());
  return figures;
}

// Two configurations in one VM, each with its own header.
void checkSharedVm(const std::filesystem::path& file) {
  host::Host host;
  const auto first = load(host, file, "first: 1");
  const auto second = load(host, file, "second: 2");
  for (const auto& [plugin, name, value] : {std::tuple(first, "first", "1"), std::tuple(second, "second", "2")}) {
    const auto exchange = plugin->send(host::get("/"), host::ok());
    if (host::headerValue(exchange.response.headers, name) != value)
      throw Failure(file.string() + ": two configurations in one VM mix up their headers");
  }
}

bool printFigure(const char* what, uint64_t figure, uint64_t limit) {
  const bool passed = figure <= limit;
  std::printf("  %-24s %8llu   limit %6llu   %s\n", what, static_cast<unsigned long long>(figure),
              static_cast<unsigned long long>(limit), passed ? "ok" : "PASSED THE LIMIT");
  return passed;
}

bool report(const Job& job, const Figures& figures) {
  std::printf("%s\n", job.name.c_str());
  bool ok = printFigure("bytes of .wasm", figures.bytes, job.limits.bytes);
  ok &= printFigure("instructions a request", figures.instructions, job.limits.instructions);
  ok &= printFigure("crossings a request", figures.crossings, job.limits.crossings);
  ok &= printFigure("pages at start", figures.pagesAtStart, kPagesAtStart);
  ok &= printFigure(job.requests == 1000 ? "pages after 1,000" : "pages after 100,000", figures.pagesAtEnd,
                    figures.pagesAtStart);
  return ok;
}

// A coroutine may take 1.3 times the instructions of handlers.
bool reportTwoCallouts(const std::filesystem::path& directory) {
  auto job = twoCallouts();
  const auto handlers = measure(job, directory / "bench_two_callouts_handlers.wasm");
  job.limits.instructions = handlers.instructions * 13 / 10;
  job.limits.crossings = handlers.crossings;
  const bool ok = report(job, measure(job, directory / job.file));
  std::printf("  with handlers: %llu bytes, %llu instructions, %llu crossings\n",
              static_cast<unsigned long long>(handlers.bytes), static_cast<unsigned long long>(handlers.instructions),
              static_cast<unsigned long long>(handlers.crossings));
  return ok;
}

// How many bytes a module grows when its filter uses one more part of the SDK.
void reportParts(const std::filesystem::path& directory) {
  const auto size = [&](const std::string& part) {
    return std::filesystem::file_size(directory / ("bench_part_" + part + ".wasm"));
  };
  const auto none = size("none");
  std::printf("bytes that one more part of the SDK adds to a filter of %llu\n", static_cast<unsigned long long>(none));
  for (const auto* part : {"callout", "coroutine", "grpc", "shared_data", "metric", "protobuf"})
    std::printf("  + %-22s %8llu\n", part, static_cast<unsigned long long>(size(part) - none));
}

bool run(const std::filesystem::path& directory) {
  bool ok = true;
  for (const auto& job : jobs()) {
    ok &= report(job, measure(job, directory / job.file));
    if (job.name != "add_header") continue;
    checkSharedVm(directory / job.file);
    const auto byHand = measure(job, directory / "add_header_by_hand.wasm");
    checkSharedVm(directory / "add_header_by_hand.wasm");
    std::printf("  by hand, in WebAssembly text: %llu bytes, %llu instructions, %llu crossings\n",
                static_cast<unsigned long long>(byHand.bytes), static_cast<unsigned long long>(byHand.instructions),
                static_cast<unsigned long long>(byHand.crossings));
  }
  ok &= reportTwoCallouts(directory);
  reportParts(directory);
  return ok;
}

}  // namespace

}  // namespace sluice::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: sluice_bench DIRECTORY (the one with bench_*.wasm)\n");
    return 2;
  }
  try {
    if (sluice::bench::run(argv[1])) return 0;
    std::fprintf(stderr, "a figure has passed its limit: see above\n");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  return 1;
}
