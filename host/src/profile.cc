#include "sluice/host/profile.h"

#include "sluice/host/error.h"

namespace sluice::host {

Profile Profile::envoy() { return {}; }

Profile Profile::envoyWithHeadersStopIteration() {
  Profile profile;
  profile.name = "envoy-headers-stop-iteration";
  profile.allowOnHeadersStopIteration = true;
  return profile;
}

Profile Profile::specification() {
  Profile profile;
  profile.name = "specification";
  profile.allowOnHeadersStopIteration = true;
  profile.logBeforeDone = false;
  profile.absentReadsAsEmpty = false;
  profile.spliceBuffers = true;
  profile.closeMapsOnContinue = false;
  profile.joinKnownHeaders = false;
  profile.continuesUpstream = true;
  profile.namesUpstreamCloser = true;
  profile.hasEnvoyFunctions = false;
  profile.addsGrpcDetails = false;
  profile.callsThroughRouter = false;
  profile.namesCrashes = false;
  return profile;
}

std::string_view toString(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::File:
      return "file";
    case ErrorKind::Module:
      return "broken module";
    case ErrorKind::NotProxyWasm:
      return "not Proxy-Wasm";
    case ErrorKind::MissingFunction:
      return "missing function";
    case ErrorKind::Import:
      return "unknown import";
    case ErrorKind::Export:
      return "wrong export";
    case ErrorKind::Trap:
      return "trap";
    case ErrorKind::OutOfSteps:
      return "out of steps";
    case ErrorKind::OutOfMemory:
      return "out of memory";
    case ErrorKind::Restricted:
      return "restricted callback";
    case ErrorKind::Unsupported:
      return "not played by the mock host";
    case ErrorKind::EnvoyCrash:
      return "crash of a real Envoy";
    case ErrorKind::Usage:
      break;
  }
  return "wrong usage";
}

}  // namespace sluice::host
