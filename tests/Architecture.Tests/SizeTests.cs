namespace P2PCloud.Architecture.Tests;

public sealed class SizeTests
{
    [Fact]
    public void No_file_of_the_product_is_too_long() =>
        Rule.Holds($"Split these files by subject, {Sizes.FileLinesMax} lines at most:", Sizes.LongFiles(SourceTree.ProductCode));

    [Fact]
    public void No_method_of_the_product_is_too_long() =>
        Rule.Holds($"Split these methods into named steps, {Sizes.MethodLinesMax} lines at most:", Sizes.LongMethods(SourceTree.ProductCode));

    [Fact]
    public void A_long_file_is_noticed()
    {
        Assert.Single(Sizes.LongFiles([Code(Lines(301, ""))]));
        Assert.Empty(Sizes.LongFiles([Code(Lines(300, ""))]));
    }

    [Theory]
    [InlineData(67, false)]
    [InlineData(68, true)]
    public void A_long_method_is_noticed(int statements, bool noticed)
    {
        var code = $$"""
            namespace Some;

            public sealed class Thing
            {
                /// <summary>Says what it does.</summary>
                [Some]
                public void Do()
                {
            {{Lines(statements, "        Step();")}}
                }

                private int _field;
            }
            """;

        Assert.Equal(noticed ? ["services/some/Thing.cs:7: 71 lines"] : [], Sizes.LongMethods([Code(code)]));
    }

    [Fact]
    public void A_long_expression_is_noticed()
    {
        var code = $$"""
            public sealed class Thing
            {
                public int Get() => _value switch
                {
            {{Lines(80, "        1 => 2,")}}
                };
            }
            """;

        Assert.Single(Sizes.LongMethods([Code(code)]));
    }

    [Fact]
    public void A_long_method_of_a_nested_type_is_noticed()
    {
        var code = $$"""
            public sealed class Thing
            {
                private sealed class Inner
                {
                    public void Do()
                    {
            {{Lines(80, "            Step();")}}
                    }
                }
            }
            """;

        Assert.Equal(["services/some/Thing.cs:5: 83 lines"], Sizes.LongMethods([Code(code)]));
    }

    [Fact]
    public void A_long_type_of_short_members_passes()
    {
        var code = $$"""
            public sealed class Thing
            {
                private sealed class Inner
                {
            {{Lines(100, "        private readonly int _value;\n")}}
                }
            }
            """;

        Assert.Empty(Sizes.LongMethods([Code(code)]));
    }

    [Fact]
    public void A_long_table_of_data_passes()
    {
        var code = $$"""
            public sealed class Thing
            {
                private static readonly int[] Values =
                [
            {{Lines(100, "        1,")}}
                ];
            }
            """;

        Assert.Empty(Sizes.LongMethods([Code(code)]));
    }

    private static string Lines(int count, string line) => string.Join('\n', Enumerable.Repeat(line.Length is 0 ? "x" : line, count));

    private static SourceFile Code(string text) => new("services/some/Thing.cs", text.ReplaceLineEndings("\n"));
}
