// A library that is no filter. Loading it runs this constructor, which leaves a mark.
#include <cstdio>
#include <cstdlib>

namespace {

[[gnu::constructor]] void leaveMark() {
  if (const char* path = std::getenv("SLUICE_TEST_MARK")) {
    if (std::FILE* file = std::fopen(path, "w")) std::fclose(file);
  }
}

}  // namespace
