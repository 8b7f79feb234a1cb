namespace P2PCloud.Cli.Output;

/// <summary>Lines of data beside the tables.</summary>
internal static class Notes
{
    /// <summary>A line that is not a row: in a pipe it begins with <c>#</c>, so that rows are what is left without such lines.</summary>
    public static void Note(this CliConsole console, string text) =>
        console.Out.WriteLine(console.OutIsTerminal ? Printable.Line(text) : $"# {Printable.Line(text)}");

    /// <summary>Bytes in words for a person, as a plain number in a pipe.</summary>
    public static string SizeOf(this CliConsole console, long bytes) => console.OutIsTerminal ? Printable.Size(bytes) : $"{bytes}";
}
