// What Envoy's tap filters have recorded of the requests that passed.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "sluice/host/message.h"

namespace sluice::proxy {

/// How much of a body is recorded.
inline constexpr size_t kMaxTapped = size_t{256} << 10U;

/// The names of the tap filters. One stands before the filter and sees what the client sends and gets; one stands after
/// it and sees what the upstream gets and sends. Each writes a file for each request, piece by piece, because a filter
/// changes the header maps that a later look would find. The third writes its file when the request is over.
inline constexpr const char* kClientSide = "client";
inline constexpr const char* kUpstreamSide = "upstream";
inline constexpr const char* kOver = "over";

/// A message as it passed a tap filter. Its chunks are the pieces in which it came.
struct Tapped : host::Message {
  bool truncated = false;  ///< The body was longer than kMaxTapped, and its end is missing.
};

/// A request and its response, on both sides of the filter. A message without headers did not pass.
struct TappedExchange {
  Tapped clientRequest;
  Tapped upstreamRequest;
  Tapped upstreamResponse;
  Tapped clientResponse;
};

/// The numbers of the requests in the folder that have been over for `age`, in the order in which they ended. Envoy
/// closes their files a moment after they are over.
std::vector<std::string> tappedRequests(const std::filesystem::path& folder, std::chrono::milliseconds age);

/// How many requests are in the folder, over or not.
size_t countTapped(const std::filesystem::path& folder);

/// Takes the recording of a request out of the folder.
TappedExchange takeTapped(const std::filesystem::path& folder, const std::string& number);

}  // namespace sluice::proxy
