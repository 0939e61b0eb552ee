#include "players/mock_player.h"
namespace sluice::scenario { Outcome MockPlayer::play(const Scenario&, const std::filesystem::path&) { throw PlayerError("no mock"); } }
