"""A stepper (../steps/stepper.ts) over JAX: jax_steps.py NETWORK-AS-JSON. The whole step is compiled, NHWC."""
import json
import resource
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

network = json.loads(sys.argv[1])
random = np.random.default_rng(0)


def conv(x, kernel, stride=1):
    pad = kernel.shape[0] // 2
    return lax.conv_general_dilated(
        x, kernel, (stride, stride), ((pad, pad), (pad, pad)), dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


def norm(x, parameters):
    mean = x.mean((0, 1, 2))
    variance = ((x - mean) ** 2).mean((0, 1, 2))
    return (x - mean) * lax.rsqrt(variance + 1e-5) * parameters["gamma"] + parameters["beta"], (mean, variance)


def kernel(size, inputs, outputs):
    return jnp.asarray(random.normal(0, (2 / (size * size * inputs)) ** 0.5, (size, size, inputs, outputs)), jnp.float32)


def norm_parameters(channels):
    return {"gamma": jnp.ones(channels), "beta": jnp.zeros(channels)}


height, width, channels = network["inputShape"]
blocks = (network["depth"] - 2) // (2 * network["stages"])
parameters = {"stem": {"conv": kernel(3, channels, network["width"]), "norm": norm_parameters(network["width"])}}
plan, inputs = [], network["width"]
for k in range(network["stages"]):
    outputs = network["width"] << k
    for b in range(blocks):
        stride, name = 2 if k > 0 and b == 0 else 1, f"stage{k}.block{b}"
        block = {
            "conv1": kernel(3, inputs, outputs),
            "norm1": norm_parameters(outputs),
            "conv2": kernel(3, outputs, outputs),
            "norm2": norm_parameters(outputs),
        }
        if stride != 1 or inputs != outputs:
            block |= {"short": kernel(1, inputs, outputs), "short_norm": norm_parameters(outputs)}
        parameters[name] = block
        plan.append((name, stride, k if b == blocks - 1 else None))
        inputs = outputs
    scale = outputs**-0.5
    parameters[f"head{k}"] = {
        "weight": jnp.asarray(random.uniform(-scale, scale, (outputs, network["classes"])), jnp.float32),
        "bias": jnp.zeros(network["classes"]),
    }

images = jnp.asarray(random.normal(size=(network["batchSize"], height, width, channels)), jnp.float32)
labels = jnp.asarray(random.integers(0, network["classes"], network["batchSize"]))


def loss(parameters, images, labels):
    statistics = []

    def normalised(x, of):
        y, moments = norm(x, of)
        statistics.append(moments)
        return y

    x = jax.nn.relu(normalised(conv(images, parameters["stem"]["conv"]), parameters["stem"]["norm"]))
    total = 0.0
    for name, stride, exit_of in plan:
        block = parameters[name]
        y = jax.nn.relu(normalised(conv(x, block["conv1"], stride), block["norm1"]))
        y = normalised(conv(y, block["conv2"]), block["norm2"])
        short = normalised(conv(x, block["short"], stride), block["short_norm"]) if "short" in block else x
        x = jax.nn.relu(y + short)
        if exit_of is not None:
            head = parameters[f"head{exit_of}"]
            logits = jax.nn.log_softmax(x.mean((1, 2)) @ head["weight"] + head["bias"])
            total -= jnp.take_along_axis(logits, labels[:, None], 1).mean()
    return total, statistics


@jax.jit
def step(parameters, velocity, running, images, labels):
    (value, moments), gradients = jax.value_and_grad(loss, has_aux=True)(parameters, images, labels)
    gradients = jax.tree.map(lambda g, w: g + 1e-4 * w, gradients, parameters)
    velocity = jax.tree.map(lambda v, g: 0.9 * v + g, velocity, gradients)
    parameters = jax.tree.map(lambda w, v, g: w - 1e-4 * (g + 0.9 * v), parameters, velocity, gradients)
    running = jax.tree.map(lambda r, m: 0.9 * r + 0.1 * m, running, moments)
    return parameters, velocity, running, value


velocity = jax.tree.map(jnp.zeros_like, parameters)
running = jax.tree.map(jnp.zeros_like, jax.eval_shape(loss, parameters, images, labels)[1])


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (usage.ru_utime + usage.ru_stime)


for line in sys.stdin:
    cpus, walls = [], []
    for _ in range(int(line)):
        cpu_before, wall_before = cpu(), time.perf_counter()
        parameters, velocity, running, value = step(parameters, velocity, running, images, labels)
        value.block_until_ready()
        walls.append(1000 * (time.perf_counter() - wall_before))
        cpus.append(cpu() - cpu_before)
    print(json.dumps({"cpu": cpus, "wall": walls}), flush=True)
