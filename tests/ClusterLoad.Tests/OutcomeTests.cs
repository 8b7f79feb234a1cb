using Microsoft.AspNetCore.Http;
using P2PCloud.Contracts.Api;

namespace P2PCloud.ClusterLoad.Tests;

public sealed class OutcomeTests
{
    private static readonly LoadOptions Writes = Recording.Reads() with { GetRate = 0, PutRate = 10, OperationsMax = 1 };
    private static readonly LoadOptions Reads = Recording.Reads() with { OperationsMax = 1 };
    private static readonly LoadOptions Downloads = Recording.Reads() with { GetRate = 0, DownloadRate = 10, OperationsMax = 1 };

    [Fact]
    public async Task Before_the_load_all_keys_are_written_and_all_files_are_shared_and_found()
    {
        await using var gateway = await FakeGateway.StartAsync();
        var options = Recording.Reads(gateway.Address) with
        {
            LookupRates = new Dictionary<string, double> { ["chord"] = 1, ["kazaa"] = 0 },
            FilePeers = ["peer-0", "peer-1"],
            FileCopies = 2,
        };
        await using var recording = await Recording.StartAsync(options);

        var history = await recording.EndAsync();

        var before = history.Operations.Where(operation => operation.Subject.Phase is Phase.Prepare).ToList();
        Assert.All(before, operation => Assert.Equal(Outcome.Ok, operation.Outcome));
        Assert.Equal(3, before.Where(operation => operation.Stream is Streams.Put).Select(operation => operation.Subject.Key).Distinct().Count());
        var sharers = before.Where(operation => operation.Stream is Streams.Share).Select(share => share.Result!.Provider);
        Assert.Equal(["peer-0", "peer-0", "peer-1", "peer-1"], sharers.Order());
        Assert.Equal(2, before.Count(operation => operation.Stream is "chord"));
        Assert.DoesNotContain(before, operation => operation.Stream is "kazaa");
    }

    [Fact]
    public async Task What_fails_before_the_load_is_tried_again()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.Instead = http => gateway.Requests.Count <= 8 ? FakeGateway.RefuseAsync(http) : Task.FromResult(false);
        await using var recording = await Recording.StartAsync(Reads with { Gateways = [gateway.Address] }, timePasses: true);

        var history = await recording.EndAsync();

        Assert.Contains(history.Operations, operation => operation.Outcome is Outcome.Refused);
        Assert.Empty(HistoryChecker.Check(history, new CheckOptions { FinalReads = false }).Violations);
    }

    [Fact]
    public async Task A_cloud_that_is_not_ready_in_time_is_a_failure_that_says_what_is_missing()
    {
        await using var gateway = await FakeGateway.StartAsync();
        gateway.Instead = http => http.Request.Path.StartsWithSegments("/api/v1/keys") ? FakeGateway.RefuseAsync(http) : Task.FromResult(false);

        var options = Reads with { Gateways = [gateway.Address], PrepareTime = TimeSpan.FromSeconds(10) };

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => Recording.StartAsync(options, timePasses: true));

        Assert.Matches("put test/key-[012]: Refused not now", failure.Message);
    }

    [Fact]
    public async Task A_refusal_has_its_status_and_the_type_of_its_problem()
    {
        var result = await OneAsync(Reads, FakeGateway.RefuseAsync);

        Assert.Equal((Outcome.Refused, 503, "not now"), (result.Outcome, result.Status, result.Detail));
        Assert.NotNull(result.Problem);
    }

    [Fact]
    public async Task A_refusal_without_problem_details_has_no_type()
    {
        var result = await OneAsync(Reads, Status(502));

        Assert.Equal((Outcome.Refused, 502, null), (result.Outcome, result.Status, result.Problem));
    }

    [Fact]
    public async Task Not_found_is_404_with_problem_details()
    {
        var with = await OneAsync(Reads, async http =>
        {
            await Results.Problem("none", statusCode: 404).ExecuteAsync(http);
            return true;
        });
        var without = await OneAsync(Reads, Status(404));

        Assert.Equal((Outcome.NotFound, Outcome.Refused), (with.Outcome, without.Outcome));
    }

    [Fact]
    public async Task An_operation_without_an_answer_ends_at_its_deadline()
    {
        var result = await OneAsync(Reads with { Deadline = TimeSpan.FromSeconds(1) }, FakeGateway.HangAsync);

        Assert.Equal(Outcome.Deadline, result.Outcome);
    }

    [Fact]
    public async Task A_body_that_stops_half_way_ends_at_the_deadline()
    {
        var result = await OneAsync(Downloads with { Deadline = TimeSpan.FromSeconds(1) }, async http =>
        {
            http.Response.ContentLength = 100;
            await http.Response.Body.WriteAsync(new byte[50]);
            return await FakeGateway.HangAsync(http);
        });

        Assert.Equal((Outcome.Deadline, null), (result.Outcome, result.Sha256));
    }

    [Fact]
    public async Task A_connection_that_breaks_in_a_body_is_told_from_a_whole_one()
    {
        var result = await OneAsync(Downloads, async http =>
        {
            http.Response.ContentLength = 100;
            await http.Response.Body.WriteAsync(new byte[50]);
            http.Abort();
            return true;
        });

        Assert.Equal((Outcome.Connection, null), (result.Outcome, result.Sha256));
    }

    [Fact]
    public async Task A_write_whose_connection_breaks_is_not_sent_again()
    {
        var seen = 0;
        var result = await OneAsync(Writes, http =>
        {
            Interlocked.Increment(ref seen);
            http.Abort();
            return Task.FromResult(true);
        });

        Assert.Equal((Outcome.Connection, 1), (result.Outcome, seen));
    }

    [Fact]
    public async Task Other_bytes_than_those_that_were_shared_have_another_hash()
    {
        await using var gateway = await FakeGateway.StartAsync();
        await using var recording = await Recording.StartAsync(Downloads with { Gateways = [gateway.Address], OperationsMax = 2 });
        var first = true;
        gateway.Instead = async http =>
        {
            var isFirst = first;
            first = false;
            if (isFirst)
            {
                await Results.Bytes(new byte[100]).ExecuteAsync(http);
            }

            return isFirst;
        };
        await recording.PassUntilAsync(() => recording.Now > TimeSpan.FromSeconds(1));

        var result = HistoryChecker.Check(await recording.EndAsync(), new CheckOptions { FinalReads = false });

        Assert.Equal((1, 1), (result.WrongBytes, result.ByStream[Streams.Download].Successes));
    }

    [Fact]
    public async Task A_value_that_is_cut_off_is_none_that_was_written()
    {
        var result = await OneAsync(Reads, async http =>
        {
            await Results.Bytes("test-1"u8.ToArray()).ExecuteAsync(http);
            return true;
        });

        Assert.StartsWith("sha256:", result.Read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_success_without_its_document_is_unreadable()
    {
        var result = await OneAsync(Writes, async http =>
        {
            await Results.Text("ok").ExecuteAsync(http);
            return true;
        });

        Assert.Equal((Outcome.Unreadable, 200), (result.Outcome, result.Status));
    }

    [Fact]
    public async Task A_lookup_whose_answer_has_other_files_only_is_not_found()
    {
        var lookups = Recording.Reads() with { GetRate = 0, LookupRates = new Dictionary<string, double> { ["chord"] = 10 }, OperationsMax = 1 };
        var result = await OneAsync(lookups, async http =>
        {
            await Results.Json(new LookupResult("chord", "x", "peer-0", [], [], 2, 1, "", Complete: false)).ExecuteAsync(http);
            return true;
        });

        Assert.Equal((Outcome.NotFound, false), (result.Outcome, result.Complete));
    }

    [Fact]
    public async Task At_the_end_each_key_is_read_until_it_is_answered_or_the_attempts_are_used_up()
    {
        await using var gateway = await FakeGateway.StartAsync();
        await using var recording = await Recording.StartAsync(Reads with { Gateways = [gateway.Address] });
        await recording.EndAsync();
        gateway.Instead = http =>
            http.Request.Path.Value!.EndsWith("key-1", StringComparison.Ordinal) ? FakeGateway.RefuseAsync(http) : Task.FromResult(false);

        var read = recording.Load.ReadAllKeysAsync(attempts: 3, TestContext.Current.CancellationToken);
        await recording.PassUntilAsync(() => read.IsCompleted);
        await read;

        var history = await recording.ReadAsync();
        Assert.Equal(1 + 3 + 1, history.Operations.Count(operation => operation.Subject.Phase is Phase.Final));
        Assert.Equal((0, 1), (HistoryChecker.Check(history).KeysLost, HistoryChecker.Check(history).KeysUnread));
    }

    private static Func<HttpContext, Task<bool>> Status(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.FromResult(true);
    };

    /// <summary>The outcome of the one operation of a load that a gateway answers as the test says.</summary>
    private static async Task<OperationResult> OneAsync(LoadOptions options, Func<HttpContext, Task<bool>> answer)
    {
        await using var gateway = await FakeGateway.StartAsync();
        await using var recording = await Recording.StartAsync(options with { Gateways = [gateway.Address] });
        gateway.Instead = answer;
        await recording.PassUntilAsync(() => recording.Now > TimeSpan.FromMilliseconds(200));
        return Assert.Single((await recording.EndAsync()).Operations, operation => operation.Subject.Phase is Phase.Load).Result!;
    }
}
