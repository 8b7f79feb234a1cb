using P2PCloud.Peer.Overlays;

namespace P2PCloud.Peer.Tests;

public sealed class OverlayOptionsTests
{
    [Theory]
    [InlineData(2, "fingers")]
    [InlineData(256, "full")]
    public void Bases_from_2_to_256_and_both_routings_are_taken(int numberBase, string routing) =>
        Assert.True(Validate(new OverlayOptions { ChordBase = numberBase, ChordRouting = routing }).Succeeded);

    [Theory]
    [InlineData(1, "fingers", "ChordBase")]
    [InlineData(257, "fingers", "ChordBase")]
    [InlineData(2, "magic", "fingers or full")]
    [InlineData(2, "1", "fingers or full")]
    public void Others_are_refused_with_what_would_be_right(int numberBase, string routing, string expected) =>
        Assert.Contains(
            expected, Validate(new OverlayOptions { ChordBase = numberBase, ChordRouting = routing }).FailureMessage, StringComparison.Ordinal);

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(OverlayOptions options) =>
        new OverlayOptionsValidator().Validate(null, options);
}
