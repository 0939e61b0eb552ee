// The services that the test has set up, and the calls that filters have made.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/host/callout.h"
#include "sluice/host/grpc.h"
#include "sluice/host/grpc_call.h"
#include "sluice/host/text.h"

namespace sluice::host {

struct Clusters {
  std::map<std::string, Cluster, std::less<>> http;
  std::map<std::string, GrpcService, std::less<>> grpc;
  std::set<std::string, std::less<>> unreachable;  // The HTTP clusters without a connection.
  // Oldest first.
  std::vector<Callout> callouts;
  std::vector<GrpcCall> grpcCalls;
  std::vector<std::shared_ptr<GrpcStream>> grpcStreams;
  // Calls to clusters that there are not, as messages; each once.
  std::vector<std::string> unknown;

  /// Records that a filter called a cluster that is not in `known`, which is `http` or `grpc`.
  template <class Services>
  void recordUnknown(std::string_view plugin, std::string_view kind, std::string_view cluster, const Services& known) {
    constexpr size_t kMost = 100;
    if (unknown.size() >= kMost) return;
    std::string names;
    for (const auto& [name, service] : known) names += (names.empty() ? "" : ", ") + name;
    std::string message = "the filter" + (plugin.empty() ? "" : " " + quote(plugin)) + " called " + std::string(kind) +
                          " cluster " + quote(cluster) +
                          ", which is not declared; declared: " + (names.empty() ? "none" : names);
    const bool isNew = std::find(unknown.begin(), unknown.end(), message) == unknown.end();
    if (isNew) unknown.push_back(std::move(message));
  }
};

}  // namespace sluice::host
