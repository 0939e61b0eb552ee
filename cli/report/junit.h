// JUnit's XML format, which CI systems read.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::cli {

/// A test that was run.
struct JunitCase {
  std::string suite;    ///< Cases that follow one another with the same suite are in one <testsuite>.
  std::string name;     ///< The test's name.
  std::string file;     ///< The file that it is in.
  double seconds = 0;   ///< How long it took.
  std::string failure;  ///< What was not as expected; empty if all was.
  std::string error;    ///< Why it could not be run; empty if it could.
};

/// Collects the results of a run and writes them to a file.
class JunitReport {
 public:
  void add(JunitCase result);

  /// Adds what another program has written to a file in this format. A file that does not exist adds nothing. Returns
  /// the number of tests.
  size_t addFile(const std::filesystem::path& file);

  /// The whole document. Texts are escaped; what XML 1.0 cannot contain becomes U+FFFD.
  [[nodiscard]] std::string xml() const;

 private:
  std::vector<JunitCase> cases_;
  std::string others_;
  size_t otherTests_ = 0;
  size_t otherFailures_ = 0;
  size_t otherErrors_ = 0;
};

/// `text` for an attribute or an element of XML.
std::string xmlText(std::string_view text);

}  // namespace sluice::cli
