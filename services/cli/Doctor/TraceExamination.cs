using System.Text.Json;

namespace P2PCloud.Cli.Doctor;

/// <summary>Whether spans of a lookup arrive in Jaeger, through its query API (<c>/api/traces/ID</c>).</summary>
internal sealed class TraceExamination(Uri jaeger, TimeProvider time)
{
    /// <summary>With pauses of a second, longer than a span is under way: 5 s in its service, 15 s until the collector decides, and batches of a second.</summary>
    private const int Pauses = 40;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Waits for a trace as long as one may take.</summary>
    public async Task<Finding> RunAsync(string traceId, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        for (var pauses = 0; ; pauses++)
        {
            try
            {
                if (await CountAsync(http, traceId, cancellationToken) is > 0 and var spans)
                {
                    return new Finding($"Jaeger has {spans} spans of the lookup {traceId}");
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or JsonException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                var what = failure is JsonException ? $"what answers at {jaeger} is not Jaeger" : $"Jaeger does not answer at {jaeger}";
                return new Finding($"{what}: {failure.Message}", "name its query address with --jaeger, port 16686 unless set otherwise");
            }

            if (pauses == Pauses)
            {
                return new Finding(
                    $"no span of the lookup {traceId} has arrived in Jaeger within {Pauses * Pause.TotalSeconds} s",
                    "see whether services have OTEL_EXPORTER_OTLP_ENDPOINT set (telemetry.endpoint in the chart), and whether the collector reaches Jaeger");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task<int> CountAsync(HttpClient http, string traceId, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(new Uri(jaeger, $"api/traces/{traceId}"), cancellationToken);
        if (response.StatusCode is System.Net.HttpStatusCode.NotFound)
        {
            return 0;
        }

        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        return document.RootElement.At("data") switch
        {
            { ValueKind: JsonValueKind.Null } => 0,
            { ValueKind: JsonValueKind.Array } traces => traces.EnumerateArray().Sum(SpansOf),
            _ => throw new JsonException("it has no list of traces"),
        };
    }

    private static int SpansOf(JsonElement trace) =>
        trace.At("spans") is { ValueKind: JsonValueKind.Array } spans ? spans.GetArrayLength() : throw new JsonException("it has a trace without spans");
}
