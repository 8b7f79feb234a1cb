namespace P2PCloud.Architecture.Tests;

public sealed class SuppressionTests
{
    [Fact]
    public void No_warning_is_suppressed_and_no_test_is_skipped() =>
        Rule.Holds("Heed the warning or repair the test instead of:", Suppressions.Violations(SourceTree.AllCode));

    [Theory]
    [InlineData("#pragma" + " warning disable CA1000")]
    [InlineData("[assembly: Suppress" + "Message(\"a\", \"b\")]")]
    [InlineData("[Fact(Sk" + "ip = \"later\")]")]
    public void A_way_to_silence_is_noticed(string line) => Assert.Single(Suppressions.Violations([new SourceFile("some.cs", line)]));

    [Theory]
    [InlineData("values.Skip(1)")]
    [InlineData("#pragma warning restore")]
    public void Other_code_passes(string line) => Assert.Empty(Suppressions.Violations([new SourceFile("some.cs", line)]));
}
