// The existing C++ SDK's enums for parameters and results of callbacks.
#pragma once

#include <cstdint>

#include "sluice/abi.h"

// These have the same names in both SDKs.
using sluice::FilterDataStatus;
using sluice::FilterHeadersStatus;
using sluice::FilterMetadataStatus;
using sluice::FilterStatus;
using sluice::FilterTrailersStatus;

/// The severity of a log line.
enum class LogLevel : int32_t {
  trace = static_cast<int32_t>(sluice::LogLevel::Trace),
  debug = static_cast<int32_t>(sluice::LogLevel::Debug),
  info = static_cast<int32_t>(sluice::LogLevel::Info),
  warn = static_cast<int32_t>(sluice::LogLevel::Warn),
  error = static_cast<int32_t>(sluice::LogLevel::Error),
  critical = static_cast<int32_t>(sluice::LogLevel::Critical),
  Max = critical,
};

/// gRPC status codes; InvalidCode when a call is not about gRPC.
enum class GrpcStatus : int32_t {
#define SLUICE_COMPAT_ENUMERATOR(name, value) name = value,
  SLUICE_ABI_GRPC_STATUS(SLUICE_COMPAT_ENUMERATOR)
#undef SLUICE_COMPAT_ENUMERATOR
      MaximumValid = Unauthenticated,
  InvalidCode = None,
};

/// The types of metrics.
enum class MetricType : int32_t {
#define SLUICE_COMPAT_ENUMERATOR(name, value) name = value,
  SLUICE_ABI_METRIC_TYPE(SLUICE_COMPAT_ENUMERATOR)
#undef SLUICE_COMPAT_ENUMERATOR
      Max = Histogram,
};

/// The side that closed a connection: the proxy (Local) or the peer (Remote).
enum class CloseType : int32_t {
#define SLUICE_COMPAT_ENUMERATOR(name, value) name = value,
  SLUICE_ABI_PEER_TYPE(SLUICE_COMPAT_ENUMERATOR)
#undef SLUICE_COMPAT_ENUMERATOR
};
