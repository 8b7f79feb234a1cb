using System.Text.Json;

namespace P2PCloud.ClusterLoad;

/// <summary>An operation of a history.</summary>
/// <param name="Id">From 1, in the order in which they began.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Start">Time since the history began.</param>
/// <param name="End">When it had its outcome; null: it never had one.</param>
/// <param name="Result">How it ended; null: it never did.</param>
/// <param name="Due">When it was to start.</param>
public sealed record Operation(long Id, OperationSubject Subject, TimeSpan Start, TimeSpan? End, OperationResult? Result, TimeSpan Due)
{
    /// <summary>The outcome; null: there is none.</summary>
    public Outcome? Outcome => Result?.Outcome;

    /// <summary>The stream it belongs to: see <see cref="Streams"/>.</summary>
    public string Stream => Streams.Of(Subject);
}

/// <summary>A named instant.</summary>
public sealed record Mark(string Name, TimeSpan At);

/// <summary>A time in which the files of a peer need not be found.</summary>
/// <param name="Peer">App-id.</param>
/// <param name="From">Its begin.</param>
/// <param name="Until">Its end; null: until the history ends.</param>
public sealed record Absence(string Peer, TimeSpan From, TimeSpan? Until);

/// <summary>What happened in one run, as its file says.</summary>
public sealed record History
{
    /// <summary>In the order in which they began.</summary>
    public IReadOnlyList<Operation> Operations { get; init; } = [];

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<Mark> Marks { get; init; } = [];

    /// <summary>Peers that were away.</summary>
    public IReadOnlyList<Absence> Absences { get; init; } = [];

    /// <summary>Operations that were due and not started, by stream.</summary>
    public IReadOnlyDictionary<string, int> Skipped { get; init; } = new Dictionary<string, int>();

    /// <summary>Operations a second by stream; empty when no load began.</summary>
    public IReadOnlyDictionary<string, double> Rates { get; init; } = new Dictionary<string, double>();

    /// <summary>Longest time of an operation; null when no load began.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Time of the last line.</summary>
    public TimeSpan End { get; init; }

    /// <summary>Reads a file that <see cref="HistoryWriter"/> wrote. A last line that was cut off, as in a run that was killed, is left
    /// out.</summary>
    /// <exception cref="FormatException">Names the line that is wrong.</exception>
    public static async Task<History> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return Parse(await reader.ReadToEndAsync(cancellationToken));
    }

    /// <summary>Reads the text of such a file.</summary>
    /// <exception cref="FormatException">Names the line that is wrong.</exception>
    public static History Parse(string text)
    {
        // A line without its end was not written whole.
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var history = new HistoryBuilder();
        for (var i = 0; i < lines.Length; i++)
        {
            try
            {
                history.Add(JsonSerializer.Deserialize(lines[i], HistoryJsonContext.Default.HistoryEvent) ?? throw new JsonException("null"));
            }
            catch (Exception failure) when (failure is JsonException or FormatException)
            {
                throw new FormatException($"Line {i + 1} is not one of a history: {failure.Message}", failure);
            }
        }

        return history.Build();
    }
}
