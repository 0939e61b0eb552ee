#include "abi/crash_error.h"

#include <string>

namespace sluice::host {

Error envoyCrash(std::string_view operation, std::string_view why) {
  return {ErrorKind::EnvoyCrash, "the filter calls " + std::string(operation) + ", but " + std::string(why) +
                                     ": a real Envoy 1.40 crashes here, and takes all its connections down. "
                                     "Profile::namesCrashes says whether the mock host stops the filter."};
}

}  // namespace sluice::host
