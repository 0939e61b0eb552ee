// Utilities: `std::filesystem::path`: names, without files
#include <filesystem>
#include <string>

#include "../feature.h"

FEATURE(path, ".txt /a") {
  const std::filesystem::path path = "/a/b.txt";
  return path.extension().string() + " " + path.parent_path().string();
}
