namespace P2PCloud.ClusterLoad;

/// <summary>
/// Whether the operations on one key are those of a register that is linearizable (Herlihy and Wing, 1990): each acknowledged operation
/// happens at one instant between its start and its end. <see cref="HistoryChecker"/> says which operations count as what.
/// <para>No two puts write the same value, so the operations fall into clusters: a put with the gets that read its value, and the gets that
/// found no value, whose put is before all time. Let f be the earliest end and s the latest start in a cluster. The operations of a cluster
/// happen together: no other put's between them. A before B is impossible when an operation of B ended before one of A began: f(B) &lt;
/// s(A). The history is linearizable exactly when no get ends before its put begins, and no two clusters A and B have both f(B) &lt; s(A)
/// and f(A) &lt; s(B) (Gibbons and Korach, "Testing shared memories", SIAM Journal on Computing 26(4), 1997, theorem for known read
/// mappings). A put that may have happened has no end, and does not count unless it was read.</para>
/// </summary>
internal static class RegisterRule
{
    private static readonly TimeSpan Never = TimeSpan.MaxValue;
    private static readonly TimeSpan BeforeAll = TimeSpan.MinValue;

    /// <summary>The contradictions, one for each operation that does not fit.</summary>
    /// <param name="key">The key.</param>
    /// <param name="operations">All puts and gets of it.</param>
    public static IEnumerable<Violation> Violations(string key, IReadOnlyList<Operation> operations)
    {
        var writers = operations.Where(operation => operation.Subject.Kind is OperationKind.Put && KeyEffects.MayHaveHappened(operation))
            .ToDictionary(operation => operation.Subject.Written!, StringComparer.Ordinal);
        var clusters = writers.ToDictionary(writer => writer.Key, writer => new Cluster(writer.Value), StringComparer.Ordinal);
        var nothing = new Cluster(null);
        foreach (var read in operations.Where(KeyEffects.IsAnsweredGet))
        {
            if (read.Outcome is Outcome.NotFound)
            {
                nothing.Add(read);
            }
            else if (!clusters.TryGetValue(read.Result!.Read ?? "", out var cluster))
            {
                yield return Misfit(read, $"{key}: {Words(read)}, which no put can have written.");
            }
            else if (read.End < cluster.Writer!.Start)
            {
                yield return Misfit(read, $"{key}: {Words(read)} before {Words(cluster.Writer)} began.");
            }
            else
            {
                cluster.Add(read);
            }
        }

        foreach (var violation in Contradictions(key, [nothing, .. clusters.Values.Where(cluster => cluster.Counts)]))
        {
            yield return violation;
        }
    }

    private static IEnumerable<Violation> Contradictions(string key, List<Cluster> clusters)
    {
        var told = new HashSet<long>();
        for (var i = 0; i < clusters.Count; i++)
        {
            for (var j = i + 1; j < clusters.Count; j++)
            {
                var (a, b) = (clusters[i], clusters[j]);
                if (b.FirstEnd >= a.LastStart || a.FirstEnd >= b.LastStart)
                {
                    continue;
                }

                var (misfit, after) = a.LastStart > b.LastStart ? (a.Last!, b.First) : (b.Last!, a.First);
                var (other, before) = a.LastStart > b.LastStart ? (b.Last!, a.First) : (a.Last!, b.First);
                if (told.Add(misfit.Id))
                {
                    yield return Misfit(
                        misfit,
                        $"{key}: {Words(misfit)} began after {Words(after)} had ended, and {Words(other)} began after {Words(before)} had ended.");
                }
            }
        }
    }

    private static Violation Misfit(Operation operation, string text) => new(ViolationKind.Register, operation.Id, text);

    private static string Words(Operation? operation) => operation is null
        ? "the time without a value"
        : $"{operation.Stream} #{operation.Id} of {operation.Subject.Written ?? operation.Result?.Read ?? "nothing"} "
            + $"({operation.Start.TotalSeconds:0.000} to {(operation.End is { } end ? $"{end.TotalSeconds:0.000}" : "?")} s, "
            + $"{operation.Outcome?.ToString() ?? "no outcome"})";

    /// <summary>A put and the gets that read its value.</summary>
    private sealed class Cluster
    {
        private bool _isRead;

        /// <param name="writer">Null: before all time there was no value.</param>
        public Cluster(Operation? writer)
        {
            Writer = writer;
            (First, Last) = (writer, writer);
            FirstEnd = writer is null ? BeforeAll : IsCertain ? writer.End!.Value : Never;
            LastStart = writer?.Start ?? BeforeAll;
        }

        public Operation? Writer { get; }

        public bool Counts => _isRead || IsCertain;

        /// <summary>The operation that ended first.</summary>
        public Operation? First { get; private set; }

        /// <summary>The operation that began last.</summary>
        public Operation? Last { get; private set; }

        public TimeSpan FirstEnd { get; private set; }

        public TimeSpan LastStart { get; private set; }

        private bool IsCertain => Writer is null || Writer.Outcome is Outcome.Ok;

        public void Add(Operation read)
        {
            _isRead = true;
            if (read.End < FirstEnd)
            {
                (First, FirstEnd) = (read, read.End!.Value);
            }

            if (read.Start > LastStart)
            {
                (Last, LastStart) = (read, read.Start);
            }
        }
    }
}
