#include <sluice/sluice.h>

extern "C" const char* textOfArchive();

class ArchiveStream : public sluice::HttpContext {
 public:
  void onLog() override { sluice::logInfo(textOfArchive()); }
};

static sluice::Register<ArchiveStream> registration;
