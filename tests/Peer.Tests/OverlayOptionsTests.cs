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
    [InlineData(3, "fingers", "Overlays:ChordBase is a power of two, 2 to 256, not 3.")]
    [InlineData(96, "full", "Overlays:ChordBase is a power of two, 2 to 256, not 96.")]
    [InlineData(2, "magic", "fingers or full")]
    [InlineData(2, "1", "fingers or full")]
    public void Others_are_refused_with_what_would_be_right(int numberBase, string routing, string expected) =>
        Assert.Contains(
            expected, Validate(new OverlayOptions { ChordBase = numberBase, ChordRouting = routing }).FailureMessage, StringComparison.Ordinal);

    [Theory]
    [InlineData(3, 3)]
    [InlineData(8, 1)]
    public void As_many_copies_as_successors_are_taken(int successors, int replication) =>
        Assert.True(Validate(new OverlayOptions { ChordSuccessors = successors, ChordReplication = replication }).Succeeded);

    [Fact]
    public void More_copies_than_successors_are_refused() =>
        Assert.Contains(
            "Overlays:ChordReplication (3) is more than Overlays:ChordSuccessors (2)",
            Validate(new OverlayOptions { ChordSuccessors = 2, ChordReplication = 3 }).FailureMessage,
            StringComparison.Ordinal);

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(OverlayOptions options) =>
        new OverlayOptionsValidator().Validate(null, options);
}
