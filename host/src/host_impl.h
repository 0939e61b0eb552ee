// The host behind Host: the state that VMs, plugins and streams share.
#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "abi/abi32.h"
#include "sluice/host/host.h"
#include "state/faults.h"
#include "state/shared_state.h"
#include "state/timers.h"

namespace sluice::host {

class Module;
class PluginImpl;
class StreamImpl;
class Vm;

class HostImpl final : public std::enable_shared_from_this<HostImpl> {
 public:
  explicit HostImpl(Profile profile) : profile_(std::move(profile)) {}

  [[nodiscard]] const Profile& profile() const { return profile_; }

  // --- Plugins
  std::shared_ptr<PluginImpl> load(std::shared_ptr<Module> module, PluginOptions options);
  /// The VM for a plugin: shared with those of equal module, vm_id and VM configuration; a new one when it has failed.
  std::shared_ptr<Vm> vmFor(const std::shared_ptr<Module>& module, const PluginOptions& options);
  /// VMs say that they come and go: what those of one vm_id share goes with the last of them.
  void addVm(const std::string& vmId) { ++vmsById_[vmId]; }
  void removeVm(const std::string& vmId);
  void shutdown();
  /// A number for a new stream, from 1.
  uint64_t nextStreamId() { return ++streams_; }

  // --- Time. Whatever the test does is an Activity; what has been put off runs at the end of the outermost one.
  [[nodiscard]] uint64_t now() const { return now_; }
  void setTime(uint64_t time) { now_ = time; }
  void advance(uint64_t nanoseconds);
  Timers& timers() { return timers_; }
  void defer(std::function<void()> task) { tasks_.push_back(std::move(task)); }
  /// Puts `task` off by `delay`, or to the end of this activity when there is none. Answers the timer's id, or 0.
  uint64_t deferFor(std::chrono::nanoseconds delay, std::function<void()> task);
  class Activity {
   public:
    explicit Activity(HostImpl& host) : host_(host) { ++host_.depth_; }
    ~Activity();
    Activity(const Activity&) = delete;
    Activity& operator=(const Activity&) = delete;

   private:
    HostImpl& host_;
  };

  // --- Logs and errors
  void log(LogLevel level, std::string_view text, const std::string& plugin);
  void recordError(const Error& error) { errors_.push_back(error); }

  /// Deterministic "random" bytes.
  void fillRandom(char* bytes, size_t size);

  Status enqueue(uint32_t queue, std::string_view value);

  SharedData& sharedData() { return sharedData_; }
  SharedQueues& queues() { return queues_; }
  Metrics& metrics() { return metrics_; }
  Faults& faults() { return faults_; }

  std::vector<LogLine> logs;
  LogLevel logLevel = LogLevel::Trace;
  std::map<std::string, ForeignFunction, std::less<>> foreignFunctions;
  std::map<std::string, std::string, std::less<>> properties;  // By dotted path.
  std::array<uint64_t, kHostcalls.size()> hostcalls{};         // How often each was called.
  std::map<std::string, Cluster, std::less<>> clusters;
  std::vector<Callout> callouts;
  std::map<std::string, GrpcService, std::less<>> grpcServices;
  std::vector<GrpcCall> grpcCalls;
  std::vector<std::shared_ptr<GrpcStream>> grpcStreams;
  std::vector<Error>& errors() { return errors_; }

 private:
  Profile profile_;
  uint64_t now_ = 1'704'067'200'000'000'000;  // 2024-01-01T00:00:00Z
  Timers timers_;
  std::deque<std::function<void()>> tasks_;
  int depth_ = 0;
  SharedData sharedData_;
  SharedQueues queues_;
  Metrics metrics_;
  Faults faults_;
  std::vector<Error> errors_;
  uint64_t random_ = 0x9e3779b97f4a7c15;
  std::map<std::string, std::weak_ptr<Vm>> vms_;
  std::map<std::string, size_t> vmsById_;
  uint64_t streams_ = 0;
  std::vector<std::weak_ptr<PluginImpl>> plugins_;
};

}  // namespace sluice::host
