"""A stepper (../steps/stepper.ts) over PyTorch: torch_steps.py NETWORK-AS-JSON THREADS. Eager, channels last."""
import json
import resource
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

network = json.loads(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
torch.manual_seed(0)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = None
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)), inplace=True)
        y = self.norm2(self.conv2(y))
        return F.relu(y + (x if self.shortcut is None else self.shortcut(x)), inplace=True)


class Net(nn.Module):
    def __init__(self, channels, width, blocks, stages, classes):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(channels, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)
        )
        self.stages, self.heads, inputs = nn.ModuleList(), nn.ModuleList(), width
        for k in range(stages):
            outputs = width << k
            blocks_of_stage = []
            for b in range(blocks):
                blocks_of_stage.append(Block(inputs, outputs, 2 if k > 0 and b == 0 else 1))
                inputs = outputs
            self.stages.append(nn.Sequential(*blocks_of_stage))
            self.heads.append(nn.Linear(outputs, classes))

    def forward(self, x):
        x, exits = self.stem(x), []
        for stage, head in zip(self.stages, self.heads):
            x = stage(x)
            exits.append(head(x.mean((2, 3))))
        return exits


height, width, channels = network["inputShape"]
blocks = (network["depth"] - 2) // (2 * network["stages"])
net = Net(channels, network["width"], blocks, network["stages"], network["classes"])
net = net.to(memory_format=torch.channels_last).train()
sgd = torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9, nesterov=True, weight_decay=1e-4)
images = torch.randn(network["batchSize"], channels, height, width).to(memory_format=torch.channels_last)
labels = torch.randint(0, network["classes"], (network["batchSize"],))


def step():
    sgd.zero_grad(set_to_none=True)
    loss = sum(F.cross_entropy(logits, labels) for logits in net(images))
    loss.backward()
    sgd.step()
    return loss.item()


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (usage.ru_utime + usage.ru_stime)


for line in sys.stdin:
    cpus, walls = [], []
    for _ in range(int(line)):
        cpu_before, wall_before = cpu(), time.perf_counter()
        step()
        walls.append(1000 * (time.perf_counter() - wall_before))
        cpus.append(cpu() - cpu_before)
    print(json.dumps({"cpu": cpus, "wall": walls}), flush=True)
