using P2PCloud.Peer;
using P2PCloud.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddProcessTelemetry("peer");
PeerService.Add(builder);
var app = builder.Build();
PeerService.Map(app);
await app.RunAsync();
