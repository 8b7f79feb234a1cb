namespace P2PCloud.Cli.Tests;

public sealed class TerminalTests
{
    private static readonly string LongName = $"{string.Join(' ', Enumerable.Repeat("na", 200))} hey jude.txt";

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Without_a_terminal_or_without_colour_there_is_no_escape_sequence(bool terminal, bool colour)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "hey jude");
        await using var gateway = await AllAnsweringAsync();

        foreach (var args in (string[][])[["topology"], ["find", "hey"], ["share", folder.Root], ["get", Samples.HeyJude, "-o", folder.At("b")]])
        {
            var outcome = await CommandLine.RunAsync(
                [.. args, "--gateway", gateway.Address],
                console => console with { OutIsTerminal = terminal, ErrorIsTerminal = terminal, Colour = colour });

            Assert.DoesNotContain('\e', outcome.Out);
            Assert.DoesNotContain('\e', outcome.Error);
        }
    }

    [Fact]
    public async Task On_a_terminal_columns_are_aligned_and_bold()
    {
        await using var gateway = await AllAnsweringAsync();

        var outcome = await CommandLine.RunAsync(
            ["find", "hey", "-t", "chord", "--gateway", gateway.Address],
            console => console with { OutIsTerminal = true, ErrorIsTerminal = true, Colour = true });

        Assert.Contains("\e[1m", outcome.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\t', outcome.Out);
        Assert.Contains("1.23 MB", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_row_is_ever_cut(bool terminal)
    {
        await using var gateway = await AllAnsweringAsync();

        var outcome = await CommandLine.RunAsync(
            ["find", "hey", "-t", "chord", "--gateway", gateway.Address],
            console => console with { OutIsTerminal = terminal });

        Assert.Contains(outcome.Lines, line => line.Contains(Samples.HeyJude, StringComparison.Ordinal) && line.Contains(LongName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Progress_on_a_terminal_stays_within_its_line_and_goes_away()
    {
        using var folder = new TemporaryFolder();
        folder.Write($"{new string('a', 120)}.txt", "hey jude");
        await using var gateway = await AllAnsweringAsync();

        var outcome = await CommandLine.RunAsync(
            ["share", folder.Root, "--gateway", gateway.Address],
            console => console with { ErrorIsTerminal = true, Colour = true, Width = 40 });

        Assert.StartsWith($"\rsharing 1/1 {new string('a', 27)}\e[K\r\e[K", outcome.Error, StringComparison.Ordinal);
    }

    private static async Task<FakeGateway> AllAnsweringAsync()
    {
        var gateway = await FakeGateway.StartAsync();
        gateway.OnTopology = http => FakeGateway.JsonAsync(http, Samples.Topology());
        gateway.OnLookup = Samples.Answer(_ => [Samples.Match(Samples.HeyJude, LongName)]);
        gateway.OnGet = http => Microsoft.AspNetCore.Http.Results.Bytes("hey jude"u8.ToArray()).ExecuteAsync(http);
        return gateway;
    }
}
