using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.OverlayHosting.Tests;

public sealed class DurableAnswerTests
{
    private static readonly NodeRef Other = new("peer-1");
    private static readonly CancellationToken Limit = TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedStorage _storage = new();
    private readonly TaskCompletionSource<Exception> _failure = new();

    [Fact]
    public async Task What_is_acknowledged_has_been_saved_before()
    {
        await using var host = Start(Writer());

        var answer = await AskAsync(host);

        Assert.IsType<Ack>(answer);
        Assert.Equal("a", Assert.Single(_storage.Kept()));
    }

    [Fact]
    public async Task Changes_are_saved_before_effects_that_the_engine_named_earlier()
    {
        var savedWhenSent = -1;
        await using var host = Start(
            new ScriptedEngine
            {
                Starting = engine =>
                {
                    engine.Ask(Other, new Question(), TimeSpan.FromSeconds(1), _ => { });
                    engine.Hold(Record("a"));
                },
                Requested = (engine, request) => engine.Answer(request.RequestId, Ack.Instance),
            },
            (_, _) =>
            {
                savedWhenSent = _storage.Batches.Count;
                return Task.FromResult<IMessage>(Ack.Instance);
            });

        await AskAsync(host);

        Assert.Equal(1, savedWhenSent);
    }

    [Fact]
    public async Task The_changes_of_one_input_are_one_batch_in_their_order()
    {
        var (a, b) = (Record("a"), Record("b"));
        await using var host = Start(new ScriptedEngine
        {
            Requested = (engine, request) =>
            {
                engine.Hold(a);
                engine.Forget(b);
                engine.Hold(a);
                engine.Answer(request.RequestId, Ack.Instance);
            },
        });

        await AskAsync(host);

        Assert.Equal([new Effect.Keep(a), new Effect.Drop(b.Id, b.Key), new Effect.Keep(a)], Assert.Single(_storage.Batches));
    }

    [Fact]
    public async Task An_input_without_changes_does_not_wait_for_the_storage()
    {
        await using var host = Start(new ScriptedEngine { Requested = (engine, request) => engine.Answer(request.RequestId, Ack.Instance) });

        await AskAsync(host);

        Assert.Empty(_storage.Batches);
    }

    [Fact]
    public async Task A_write_that_cannot_be_saved_is_refused()
    {
        _storage.Fails = true;
        await using var host = Start(Writer());

        await Assert.ThrowsAsync<NodeUnreachableException>(() => AskAsync(host));
    }

    [Fact]
    public async Task A_node_that_cannot_store_says_so_to_a_writer_and_is_not_taken_for_dead()
    {
        _storage.Fails = true;
        await using var host = Start(new ScriptedEngine
        {
            Requested = (engine, request) =>
            {
                engine.Hold(Record("a"));
                engine.Answer(request.RequestId, new KeyReply(KeyStatus.Ok, Record("a"), 1));
            },
        });

        var reply = await AskAsync(host, new KeyWriteRequest(new KeyVersion(1, "peer-1"), "a", [1], null, null, false, false, false));

        Assert.Equal(new KeyReply(KeyStatus.NotStored), reply);
    }

    [Fact]
    public async Task A_node_that_cannot_store_copies_says_that_it_keeps_none()
    {
        _storage.Fails = true;
        await using var host = Start(new ScriptedEngine
        {
            Requested = (engine, request) =>
            {
                engine.Hold(Record("a"));
                engine.Answer(request.RequestId, new KeyCopyReply(true));
            },
        });

        Assert.Equal(new KeyCopyReply(false), await AskAsync(host, new KeyCopyRequest([Record("a")])));
    }

    [Fact]
    public async Task A_node_that_cannot_store_compares_no_records()
    {
        _storage.Fails = true;
        await using var host = Start(new ScriptedEngine
        {
            Requested = (engine, request) =>
            {
                engine.Hold(Record("a"));
                engine.Answer(request.RequestId, new KeySyncReply(KeySyncStatus.Same, []));
            },
        });

        var reply = await AskAsync(host, new KeySyncRequest(default, default, default));

        Assert.Equal(KeySyncStatus.NotMember, Assert.IsType<KeySyncReply>(reply).Status);
    }

    [Fact]
    public async Task A_write_that_begins_at_the_node_that_cannot_store_it_ends_as_not_stored()
    {
        _storage.Fails = true;
        await using var host = Start(new ScriptedEngine
        {
            Commanded = (engine, id, command) =>
            {
                engine.Hold(Record("a"));
                engine.Finish(id, (PutKeyCommand)command, new KeyResult(KeyOutcome.Ok, Copies: 1));
            },
        });

        var result = await host.CommandAsync(new PutKeyCommand("a", [1], null, KeyCondition.None, Consistency.One), Limit);

        Assert.Equal(new KeyResult(KeyOutcome.NotStored, Owner: host.Self.Name), result);
    }

    [Fact]
    public async Task A_command_that_cannot_be_saved_is_refused()
    {
        _storage.Fails = true;
        await using var host = Start(new ScriptedEngine
        {
            Commanded = (engine, id, command) =>
            {
                engine.Hold(Record("a"));
                engine.Finish(id, command);
            },
        });

        await Assert.ThrowsAsync<NodeUnreachableException>(() => host.CommandAsync(new LeaveCommand(), Limit));
    }

    [Fact]
    public async Task A_host_whose_storage_fails_goes_on_with_requests_that_change_nothing()
    {
        _storage.Fails = true;
        await using var host = Start(Writer(first: 1));
        await Assert.ThrowsAsync<NodeUnreachableException>(() => AskAsync(host));

        Assert.IsType<Ack>(await AskAsync(host));
        Assert.False(_failure.Task.IsCompleted);
    }

    [Fact]
    public async Task A_write_that_could_not_be_saved_is_not_acknowledged_after_its_copies_are_either()
    {
        _storage.Fails = true;
        var copied = new TaskCompletionSource<IMessage>();
        long? earlier = null;
        await using var host = Start(
            new ScriptedEngine
            {
                Requested = (engine, request) =>
                {
                    if (earlier is not { } waiting)
                    {
                        earlier = request.RequestId;
                        return;
                    }

                    engine.Hold(Record("a"));
                    engine.Ask(Other, new Question(), TimeSpan.FromMinutes(1), _ => engine.Answer(waiting, Ack.Instance));
                },
            },
            (_, _) => copied.Task);
        var first = AskAsync(host);
        await Assert.ThrowsAsync<NodeUnreachableException>(() => AskAsync(host));

        copied.SetResult(Ack.Instance);

        await Assert.ThrowsAsync<NodeUnreachableException>(() => first);
    }

    [Fact]
    public async Task A_write_that_could_not_be_saved_is_not_acknowledged_by_a_timer_either()
    {
        _storage.Fails = true;
        long? earlier = null;
        await using var host = Start(new ScriptedEngine
        {
            Requested = (engine, request) =>
            {
                if (earlier is not { } waiting)
                {
                    earlier = request.RequestId;
                    return;
                }

                engine.Hold(Record("a"));
                engine.Later(TimeSpan.FromMilliseconds(1), () => engine.Answer(waiting, Ack.Instance));
            },
        });
        var first = AskAsync(host);
        await Assert.ThrowsAsync<NodeUnreachableException>(() => AskAsync(host));

        _time.Advance(TimeSpan.FromMilliseconds(2));

        await Assert.ThrowsAsync<NodeUnreachableException>(() => first);
    }

    [Fact]
    public async Task A_copy_that_comes_again_while_the_storage_fails_is_refused_though_it_changes_nothing()
    {
        _storage.Fails = true;
        await using var host = Start(Writer(first: 1));
        var copy = new KeyCopyRequest([Record("a")]);

        Assert.Equal(new KeyCopyReply(false), await AskAsync(host, copy));

        Assert.Equal(new KeyCopyReply(false), await AskAsync(host, copy));
    }

    [Fact]
    public async Task What_could_not_be_saved_is_saved_with_a_later_input()
    {
        _storage.Fails = true;
        await using var host = Start(Writer(first: 1));
        await Assert.ThrowsAsync<NodeUnreachableException>(() => AskAsync(host));

        _storage.Fails = false;
        _time.Advance(TimeSpan.FromSeconds(2));
        await AskAsync(host);

        Assert.Equal("a", Assert.Single(_storage.Kept()));
    }

    [Fact]
    public async Task A_storage_that_fails_is_not_tried_for_every_input()
    {
        _storage.Fails = true;
        await using var host = Start(Writer());

        await Assert.ThrowsAsync<NodeUnreachableException>(() => AskAsync(host));
        await Assert.ThrowsAsync<NodeUnreachableException>(() => AskAsync(host));

        Assert.Equal(1, _storage.Attempts);
    }

    [Fact]
    public async Task Without_a_storage_changes_are_ignored()
    {
        await using var host = new EngineHost(
            Writer(), new ScriptedTransport((_, _) => throw new NodeUnreachableException("nobody")), _time, NullLogger.Instance, _ => { });
        host.Start();

        Assert.IsType<Ack>(await AskAsync(host));
    }

    private static KeyRecord Record(string key) => new(default, key, new KeyVersion(1, "peer-0#0"), [1]);

    /// <summary>An engine that keeps a record at the first requests, or at all, and answers each.</summary>
    private static ScriptedEngine Writer(int first = int.MaxValue) => new()
    {
        Requested = (engine, request) =>
        {
            if (first-- > 0)
            {
                engine.Hold(Record("a"));
            }

            engine.Answer(request.RequestId, Ack.Instance);
        },
    };

    private static Task<IMessage> AskAsync(EngineHost host, IMessage? body = null) =>
        host.AskAsync(Other, default, body ?? new Question(), default, Limit);

    private EngineHost Start(ScriptedEngine engine, Func<Outgoing, CancellationToken, Task<IMessage>>? answer = null)
    {
        var transport = new ScriptedTransport(answer ?? ((_, _) => throw new NodeUnreachableException("nobody")));
        var host = new EngineHost(engine, transport, _time, NullLogger.Instance, failure => _failure.TrySetResult(failure), _storage);
        host.Start();
        return host;
    }

    private sealed class ScriptedStorage : IKeyStorage
    {
        public bool Fails { get; set; }

        public int Attempts { get; private set; }

        public List<IReadOnlyList<Effect>> Batches { get; } = [];

        public IEnumerable<string> Kept() => Batches.SelectMany(batch => batch).OfType<Effect.Keep>().Select(keep => keep.Record.Key);

        public void Save(IReadOnlyList<Effect> changes)
        {
            Attempts++;
            if (Fails)
            {
                throw new KeyStorageException("The disk is full.");
            }

            Batches.Add([.. changes]);
        }
    }
}
