using P2PCloud.Gateway;
using P2PCloud.ServiceDefaults;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddProcessTelemetry("gateway");
GatewayService.Add(builder);
var app = builder.Build();
GatewayService.Map(app);
await app.RunAsync();
